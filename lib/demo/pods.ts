import { makeContainers, qosOf } from './containers.ts';
import { cronOccurrences, jobOf } from './jobs.ts';
import type { Lifetime } from './nodes.ts';
import { type ClusterPlan, templateHash, templatesOf, type WorkloadSpec } from './plan/workloads.ts';
import { chance, mix, suffix, uuid } from './time/hash.ts';
import { healthOf, type Occurrence, occurrencesOf } from './time/timeline.ts';
import { secretOf } from './truth/canary.ts';
import type { Node, Owner, Pod, Workload } from './types/types.ts';

/** What pods ask of the nodes of their cluster. */
export interface NodeCache {
  lifetime(index: number): Lifetime;
  node(index: number): Node | null;
}

/** A pod takes this long from its node to its containers. */
const START_MS = 5000;

/** Node slot that a pod was scheduled to. */
export const nodeIndex = (
  clusterPlan: ClusterPlan,
  spec: WorkloadSpec,
  occurrence: Pick<Occurrence, 'ordinal' | 'born'>,
): number =>
  spec.reserved
    ? common(clusterPlan) + (occurrence.ordinal % clusterPlan.cluster.reserved)
    : spec.kind === 'DaemonSet'
      ? occurrence.ordinal
      : mix(...spec.key, 101, occurrence.ordinal, occurrence.born) % common(clusterPlan);

/** Nodes that any pod may stand on. */
const common = ({ cluster }: ClusterPlan): number => cluster.nodes - cluster.reserved;

export function* podsOf(
  clusterPlan: ClusterPlan,
  spec: WorkloadSpec,
  workload: Workload,
  nodeCache: NodeCache,
  now: number,
): Generator<Pod> {
  if (spec.kind === 'DaemonSet') {
    for (let ordinal = 0; ordinal < common(clusterPlan); ordinal++) {
      const { since, readyAt } = nodeCache.lifetime(ordinal);
      if (now < readyAt) continue;
      const occurrence = {
        ordinal,
        revision: workload.revision,
        born: -1e9,
        createdAt: Math.max(since, readyAt),
        ...NEW,
      };
      yield makePod(clusterPlan, spec, workload, occurrence, nodeCache, now);
    }
    return;
  }
  if (spec.kind === 'CronJob') {
    for (const occurrence of cronOccurrences(spec, now)) {
      // Pods of past runs go with their node.
      if (nodeCache.lifetime(nodeIndex(clusterPlan, spec, occurrence)).since > occurrence.createdAt) continue;
      yield makePod(clusterPlan, spec, workload, occurrence, nodeCache, now, occurrence.finishedAt, occurrence.failed);
    }
    return;
  }
  for (const occurrence of occurrencesOf(clusterPlan, spec, now))
    yield makePod(clusterPlan, spec, workload, occurrence, nodeCache, now);
}

const NEW = { deletedAt: null, badImageUntil: null } as const;

function makePod(
  clusterPlan: ClusterPlan,
  spec: WorkloadSpec,
  workload: Workload,
  occurrence: Occurrence,
  nodeCache: NodeCache,
  now: number,
  finishedAt: number | null = null,
  failed = false,
): Pod {
  const index = nodeIndex(clusterPlan, spec, occurrence);
  const lifetime = nodeCache.lifetime(index);
  // Its node was replaced since: the workload made it anew on the next one.
  const moved = lifetime.since > occurrence.createdAt;
  const key = [...spec.key, 102, occurrence.ordinal, occurrence.born, moved ? lifetime.generation : 0];
  const homeless = spec.ailment === 'unschedulable' && occurrence.ordinal === 0;
  const node = homeless ? null : nodeCache.node(index);
  const createdAt = moved ? lifetime.since : occurrence.createdAt;
  const startedAt = node ? Math.max(createdAt, moved ? lifetime.readyAt : 0) + START_MS : null;
  const image = spec.ailment === 'image' || (occurrence.badImageUntil !== null && now < occurrence.badImageUntil);
  const health = healthOf(clusterPlan, spec, occurrence, now);
  const { containers, initContainers } = makeContainers({
    key,
    runtime: node?.runtime ?? 'containerd',
    templates: templatesOf(spec, occurrence.revision),
    startedAt: startedAt !== null && now >= startedAt ? startedAt : null,
    scheduled: node !== null,
    crashing: health.crashing || spec.ailment === 'crash',
    health: spec.ailment === 'crash' ? { ...health, restarts: 40 + (mix(...key) % 400), lastReason: 'Error' } : health,
    badImage: image,
    finishedAt: finishedAt !== null && now >= finishedAt ? finishedAt : null,
    failed,
  });
  const done = finishedAt !== null && now >= finishedAt;
  const started = containers.some((c) => c.state.type === 'running' || c.lastState !== null);
  const owner = ownerOf(spec, workload, occurrence);
  return {
    cluster: clusterPlan.cluster,
    workload,
    owner,
    name: podName(spec, owner, occurrence, key),
    uid: uuid([...key, 1]),
    node,
    address: node && startedAt !== null && now >= startedAt ? podAddress(key) : null,
    phase: done ? (failed ? 'Failed' : 'Succeeded') : started ? 'Running' : 'Pending',
    reason: node ? null : 'Unschedulable',
    message: node
      ? null
      : `0/${clusterPlan.cluster.nodes} nodes are available: ${homeless ? 'Insufficient cpu' : 'node is being replaced'}.`,
    createdAt,
    startedAt: startedAt !== null && now >= startedAt - START_MS ? startedAt - START_MS + 1000 : null,
    deletedAt: occurrence.deletedAt,
    containers,
    initContainers,
    gated: chance(mix(...key, 111), 0.004),
    labels: podLabels(spec, workload, owner, occurrence),
    qos: qosOf(containers),
    runtimeClass: chance(mix(...spec.key, 103), 0.02) ? (chance(mix(...spec.key, 104), 0.5) ? 'gvisor' : 'kata') : null,
    secret: secretOf(uuid([...key, 1])),
  };
}

function ownerOf(spec: WorkloadSpec, workload: Workload, occurrence: Occurrence): Owner | null {
  if (spec.kind === 'CronJob') return jobOf(spec, workload, occurrence);
  return spec.kind === 'Deployment' ? replicaSetOf(spec, workload, occurrence.revision, workload.replicas) : null;
}

/** The ReplicaSet of a Deployment's revision. */
export function replicaSetOf(spec: WorkloadSpec, workload: Workload, revision: number, replicas: number): Owner {
  return {
    kind: 'ReplicaSet',
    name: `${spec.name}-${templateHash(spec, revision)}`,
    uid: uuid([...spec.key, 105, revision]),
    workload,
    revision,
    createdAt: workload.createdAt,
    replicas,
  };
}

function podName(spec: WorkloadSpec, owner: Owner | null, occurrence: Occurrence, key: readonly number[]): string {
  if (spec.kind === 'StatefulSet') return `${spec.name}-${occurrence.ordinal}`;
  if (spec.kind === 'VirtualMachineInstance') return `virt-launcher-${spec.name}-${suffix(5, key)}`;
  return `${owner?.name ?? spec.name}-${suffix(5, key)}`;
}

function podLabels(
  spec: WorkloadSpec,
  workload: Workload,
  owner: Owner | null,
  occurrence: Occurrence,
): Record<string, string> {
  if (spec.kind === 'Deployment')
    return { ...workload.labels, 'pod-template-hash': templateHash(spec, occurrence.revision) };
  if (spec.kind === 'StatefulSet')
    return { ...workload.labels, 'statefulset.kubernetes.io/pod-name': `${spec.name}-${occurrence.ordinal}` };
  if (spec.kind === 'VirtualMachineInstance')
    return {
      ...workload.labels,
      'kubevirt.io': 'virt-launcher',
      'kubevirt.io/created-by': workload.uid,
      'vm.kubevirt.io/name': spec.name,
    };
  return owner ? { ...workload.labels, 'batch.kubernetes.io/job-name': owner.name } : workload.labels;
}

/** From 100.64.0.0/10, the range that clusters use beside their VPC's. */
function podAddress(key: readonly number[]): string {
  const hash = mix(...key, 106);
  return `100.${64 + ((hash >>> 16) & 63)}.${(hash >>> 8) & 255}.${1 + ((hash & 255) % 254)}`;
}
