import { makeContainers, qosOf } from './containers.ts';
import { cronSlips, jobOf } from './jobs.ts';
import type { Tenure } from './nodes.ts';
import { type Estate, type Scheme, templateHash, templatesOf } from './plan/workloads.ts';
import { chance, mix, suffix, uuid } from './time/hash.ts';
import { healthOf, type Slip, slipsOf } from './time/timeline.ts';
import { secretOf } from './truth/canary.ts';
import type { Node, Owner, Pod, Workload } from './types/types.ts';

/** What pods ask of the nodes of their cluster. */
export interface Floor {
  tenure(index: number): Tenure;
  node(index: number): Node | null;
}

/** A pod takes this long from its node to its containers. */
const START_MS = 5000;

/** Node slot that a pod was scheduled to. */
export const nodeIndex = (estate: Estate, scheme: Scheme, slip: Pick<Slip, 'ordinal' | 'born'>): number =>
  scheme.reserved
    ? common(estate) + (slip.ordinal % estate.cluster.reserved)
    : scheme.kind === 'DaemonSet'
      ? slip.ordinal
      : mix(...scheme.key, 101, slip.ordinal, slip.born) % common(estate);

/** Nodes that any pod may stand on. */
const common = ({ cluster }: Estate): number => cluster.nodes - cluster.reserved;

export function* podsOf(estate: Estate, scheme: Scheme, workload: Workload, floor: Floor, now: number): Generator<Pod> {
  if (scheme.kind === 'DaemonSet') {
    for (let ordinal = 0; ordinal < common(estate); ordinal++) {
      const { since, readyAt } = floor.tenure(ordinal);
      if (now < readyAt) continue;
      const slip = { ordinal, revision: workload.revision, born: -1e9, createdAt: Math.max(since, readyAt), ...NEW };
      yield makePod(estate, scheme, workload, slip, floor, now);
    }
    return;
  }
  if (scheme.kind === 'CronJob') {
    for (const slip of cronSlips(scheme, now)) {
      // Pods of past runs go with their node.
      if (floor.tenure(nodeIndex(estate, scheme, slip)).since > slip.createdAt) continue;
      yield makePod(estate, scheme, workload, slip, floor, now, slip.finishedAt, slip.failed);
    }
    return;
  }
  for (const slip of slipsOf(estate, scheme, now)) yield makePod(estate, scheme, workload, slip, floor, now);
}

const NEW = { deletedAt: null, badImageUntil: null } as const;

function makePod(
  estate: Estate,
  scheme: Scheme,
  workload: Workload,
  slip: Slip,
  floor: Floor,
  now: number,
  finishedAt: number | null = null,
  failed = false,
): Pod {
  const index = nodeIndex(estate, scheme, slip);
  const tenure = floor.tenure(index);
  // Its node was replaced since: the workload made it anew on the next one.
  const moved = tenure.since > slip.createdAt;
  const key = [...scheme.key, 102, slip.ordinal, slip.born, moved ? tenure.generation : 0];
  const homeless = scheme.ailment === 'unschedulable' && slip.ordinal === 0;
  const node = homeless ? null : floor.node(index);
  const createdAt = moved ? tenure.since : slip.createdAt;
  const startedAt = node ? Math.max(createdAt, moved ? tenure.readyAt : 0) + START_MS : null;
  const image = scheme.ailment === 'image' || (slip.badImageUntil !== null && now < slip.badImageUntil);
  const health = healthOf(estate, scheme, slip, now);
  const { containers, initContainers } = makeContainers({
    key,
    runtime: node?.runtime ?? 'containerd',
    templates: templatesOf(scheme, slip.revision),
    startedAt: startedAt !== null && now >= startedAt ? startedAt : null,
    scheduled: node !== null,
    crashing: health.crashing || scheme.ailment === 'crash',
    health:
      scheme.ailment === 'crash' ? { ...health, restarts: 40 + (mix(...key) % 400), lastReason: 'Error' } : health,
    badImage: image,
    finishedAt: finishedAt !== null && now >= finishedAt ? finishedAt : null,
    failed,
  });
  const done = finishedAt !== null && now >= finishedAt;
  const started = containers.some((c) => c.state.type === 'running' || c.lastState !== null);
  const owner = ownerOf(scheme, workload, slip);
  return {
    cluster: estate.cluster,
    workload,
    owner,
    name: podName(scheme, owner, slip, key),
    uid: uuid([...key, 1]),
    node,
    address: node && startedAt !== null && now >= startedAt ? podAddress(key) : null,
    phase: done ? (failed ? 'Failed' : 'Succeeded') : started ? 'Running' : 'Pending',
    reason: node ? null : 'Unschedulable',
    message: node
      ? null
      : `0/${estate.cluster.nodes} nodes are available: ${homeless ? 'Insufficient cpu' : 'node is being replaced'}.`,
    createdAt,
    startedAt: startedAt !== null && now >= startedAt - START_MS ? startedAt - START_MS + 1000 : null,
    deletedAt: slip.deletedAt,
    containers,
    initContainers,
    gated: chance(mix(...key, 111), 0.004),
    labels: podLabels(scheme, workload, owner, slip),
    qos: qosOf(containers),
    runtimeClass: chance(mix(...scheme.key, 103), 0.02)
      ? chance(mix(...scheme.key, 104), 0.5)
        ? 'gvisor'
        : 'kata'
      : null,
    secret: secretOf(uuid([...key, 1])),
  };
}

function ownerOf(scheme: Scheme, workload: Workload, slip: Slip): Owner | null {
  if (scheme.kind === 'CronJob') return jobOf(scheme, workload, slip);
  return scheme.kind === 'Deployment' ? replicaSetOf(scheme, workload, slip.revision, workload.replicas) : null;
}

/** The ReplicaSet of a Deployment's revision. */
export function replicaSetOf(scheme: Scheme, workload: Workload, revision: number, replicas: number): Owner {
  return {
    kind: 'ReplicaSet',
    name: `${scheme.name}-${templateHash(scheme, revision)}`,
    uid: uuid([...scheme.key, 105, revision]),
    workload,
    revision,
    createdAt: workload.createdAt,
    replicas,
  };
}

function podName(scheme: Scheme, owner: Owner | null, slip: Slip, key: readonly number[]): string {
  if (scheme.kind === 'StatefulSet') return `${scheme.name}-${slip.ordinal}`;
  if (scheme.kind === 'VirtualMachineInstance') return `virt-launcher-${scheme.name}-${suffix(5, key)}`;
  return `${owner?.name ?? scheme.name}-${suffix(5, key)}`;
}

function podLabels(scheme: Scheme, workload: Workload, owner: Owner | null, slip: Slip): Record<string, string> {
  if (scheme.kind === 'Deployment')
    return { ...workload.labels, 'pod-template-hash': templateHash(scheme, slip.revision) };
  if (scheme.kind === 'StatefulSet')
    return { ...workload.labels, 'statefulset.kubernetes.io/pod-name': `${scheme.name}-${slip.ordinal}` };
  if (scheme.kind === 'VirtualMachineInstance')
    return {
      ...workload.labels,
      'kubevirt.io': 'virt-launcher',
      'kubevirt.io/created-by': workload.uid,
      'vm.kubevirt.io/name': scheme.name,
    };
  return owner ? { ...workload.labels, 'batch.kubernetes.io/job-name': owner.name } : workload.labels;
}

/** From 100.64.0.0/10, the range that clusters use beside their VPC's. */
function podAddress(key: readonly number[]): string {
  const hash = mix(...key, 106);
  return `100.${64 + ((hash >>> 16) & 63)}.${(hash >>> 8) & 255}.${1 + ((hash & 255) % 254)}`;
}
