import { chance, type Key, mix, pick, suffix, uuid, weighted } from '../time/hash.ts';
import { makeSchedule, type Schedule, type Turn, timeOf, turnOf } from '../time/schedule.ts';
import type { Cluster, EnvironmentName, Service, Template, Workload, WorkloadKind } from '../types/types.ts';
import { environmentOf, SERVICES } from './names.ts';
import type { Plan } from './plan.ts';
import { cronTemplates, imageTag, SYSTEM_WORKLOADS, serviceTemplates, virtualMachineTemplates } from './templates.ts';

/** A fault that stays: it never leaves this state while the workload exists. */
export type Ailment = 'crash' | 'image' | 'unschedulable' | null;

/** The part of a workload that does not change. */
export interface WorkloadSpec {
  index: number;
  key: Key;
  kind: WorkloadKind;
  namespace: string;
  name: string;
  service: Service;
  environment: EnvironmentName;
  /** Without what scaling adds or takes. */
  replicas: number;
  ailment: Ailment;
  /** It is never deployed, scaled or restarted. */
  still: boolean;
  /** Its pods stand on the cluster's reserved nodes, one each. */
  reserved: boolean;
  /** Of a CronJob: milliseconds between two runs. */
  every: number;
}

/** A cluster with its workloads and their turn order. Made once, when it is first asked for. */
export interface ClusterPlan {
  cluster: Cluster;
  specs: readonly WorkloadSpec[];
  schedule: Schedule;
}

// A service that a cluster runs more than once.
const VARIANTS = ['internal', 'canary', 'eu', 'us', 'legacy', 'v2'];
const ROUND = 16;
const SYSTEM: Service = { name: 'system', team: 'infrastructure', kind: 'worker' };
/** Pods of past runs that a CronJob keeps. */
export const KEPT_RUNS = 3;

export function clusterPlanOf(plan: Plan, cluster: Cluster): ClusterPlan {
  const specs: WorkloadSpec[] = [];
  const named = new Map<string, number>();
  let left = cluster.budget;
  for (const system of SYSTEM_WORKLOADS) {
    const spec = makeSpec(plan, cluster, specs.length, system);
    specs.push(spec);
    left -=
      system.templates.length * (system.kind === 'DaemonSet' ? cluster.nodes - cluster.reserved : system.replicas);
  }
  for (const spec of specialSpecs(plan, cluster, specs.length)) {
    named.set(spec.name, 1);
    specs.push(spec);
    left -= templatesOf(spec, 0).length * spec.replicas;
  }
  while (left > 0) {
    const spec = makeSpec(plan, cluster, specs.length, null);
    const seen = named.get(spec.name) ?? 0;
    named.set(spec.name, seen + 1);
    if (seen > 0) spec.name += `-${VARIANTS[seen - 1] ?? seen + 1}`;
    const each = templatesOf(spec, 0).length;
    const most = Math.max(1, Math.floor(left / each));
    if (spec.kind !== 'CronJob') spec.replicas = Math.min(spec.replicas, most);
    specs.push(spec);
    left -= each * (spec.kind === 'CronJob' ? KEPT_RUNS : spec.replicas);
  }
  // About six rows change with each turn of a workload.
  const perMinute = (plan.changesPerMinute / 10) * (cluster.budget / plan.containers);
  return {
    cluster,
    specs,
    schedule: makeSchedule(specs.length, 60_000 / perMinute, mix(plan.seed, 91, cluster.index)),
  };
}

function makeSpec(
  plan: Plan,
  cluster: Cluster,
  index: number,
  system: (typeof SYSTEM_WORKLOADS)[number] | null,
): WorkloadSpec {
  const key = [plan.seed, 92, cluster.index, index];
  const hash = mix(...key);
  const environment = environmentOf(cluster.place.account);
  const base = { index, key, environment, ailment: null, still: false, reserved: false, every: 0 };
  if (system)
    return {
      ...base,
      kind: system.kind,
      namespace: 'kube-system',
      name: system.name,
      service: SYSTEM,
      replicas: system.replicas,
    };
  const service = pick(hash, SERVICES);
  const stateful = service.kind === 'database' || service.kind === 'cache';
  const kind: WorkloadKind = service.kind === 'batch' ? 'CronJob' : stateful ? 'StatefulSet' : 'Deployment';
  const slow = Math.max(1, plan.resources / 40_000);
  return {
    ...base,
    kind,
    namespace: service.team,
    name: service.name,
    service,
    replicas: environment === 'prod' ? 2 + (mix(hash, 1) % 5) : 1 + (mix(hash, 1) % 2),
    ailment: kind === 'CronJob' ? null : ailmentOf(mix(hash, 2)),
    every: pick(mix(hash, 3), [15, 30, 60]) * 60_000 * slow,
  };
}

/** What runs on reserved nodes, one pod each, and KubeVirt's VMs; none of it ever changes. */
function specialSpecs(plan: Plan, cluster: Cluster, first: number): WorkloadSpec[] {
  const specs: WorkloadSpec[] = [];
  const add = (name: string, kind: WorkloadKind, replicas: number, reserved: boolean): void => {
    const made = makeSpec(plan, cluster, first + specs.length, null);
    const service = SERVICES.find((s) => s.name === name) ?? SYSTEM;
    specs.push({
      ...made,
      ...{ kind, name, service, namespace: service.team, replicas, reserved, ailment: null, every: 0, still: true },
    });
  };
  if (cluster.reserved > 0) add('preview-env', 'Deployment', cluster.reserved, true);
  for (let i = 0; i < cluster.virtualMachines; i++) add(`desktop-${i + 1}`, 'VirtualMachineInstance', 1, false);
  return specs;
}

function ailmentOf(hash: number): Ailment {
  return weighted<Ailment>(hash, [
    [0.025, 'crash'],
    [0.012, 'image'],
    [0.012, 'unschedulable'],
    [0.951, null],
  ]);
}

// Long before any replaceable thing changed for the last time.
const STILL_SINCE = Date.parse('2026-03-02T08:30:00Z');

export type WorkloadEvent = 'deploy' | 'bad-deploy' | 'scale' | 'restart' | 'crash' | 'none';

/** What happens to a workload at its turn. */
export function workloadEvent(spec: WorkloadSpec, epoch: number): WorkloadEvent {
  if (spec.kind === 'CronJob' || spec.ailment || spec.still) return 'none';
  const hash = mix(...spec.key, 93, epoch);
  if (spec.kind === 'DaemonSet') return chance(hash, 0.5) ? 'restart' : 'none';
  // Every so many turns it is deployed for certain, so that its revision is found in a few steps.
  if ((epoch + spec.index) % ROUND === 0) return 'deploy';
  const stateful = spec.kind === 'StatefulSet';
  return weighted<WorkloadEvent>(hash, [
    [stateful ? 0.15 : 0.4, 'deploy'],
    [stateful ? 0 : 0.07, 'bad-deploy'],
    [stateful ? 0.05 : 0.2, 'scale'],
    [0.22, 'restart'],
    [0.1, 'crash'],
  ]);
}

export const isDeploy = (event: WorkloadEvent): boolean => event === 'deploy' || event === 'bad-deploy';

/** The latest turn, not after `epoch`, at which the workload was deployed. */
export function deployOf(clusterPlan: ClusterPlan, spec: WorkloadSpec, epoch: number): Turn {
  if (spec.still) return { epoch: 0, at: STILL_SINCE };
  const still = spec.kind === 'CronJob' || spec.kind === 'DaemonSet' || spec.ailment !== null;
  let e = still ? Math.floor((epoch + spec.index) / ROUND) * ROUND - spec.index : epoch;
  if (!still) while (!isDeploy(workloadEvent(spec, e))) e--;
  return { epoch: e, at: timeOf(clusterPlan.schedule, spec.index, e) };
}

/** How many replicas a workload wants from one turn on. */
export function replicasAt(spec: WorkloadSpec, epoch: number): number {
  if (workloadEvent(spec, epoch) !== 'scale') return spec.replicas;
  const change = pick(mix(...spec.key, 94, epoch), [-2, -1, 1, 2, 3]);
  return Math.max(1, spec.replicas + change);
}

export const workloadTurn = (clusterPlan: ClusterPlan, spec: WorkloadSpec, now: number): Turn =>
  turnOf(clusterPlan.schedule, spec.index, now);

/** Containers of the workload's pods, as of a revision. */
export function templatesOf(spec: WorkloadSpec, revision: number): readonly Template[] {
  const system = SYSTEM_WORKLOADS[spec.index];
  if (system) return system.templates;
  const tag = imageTag(mix(...spec.key, 95), revision);
  if (spec.kind === 'VirtualMachineInstance') return virtualMachineTemplates();
  return spec.kind === 'CronJob'
    ? cronTemplates(spec.service, spec.key, tag)
    : serviceTemplates(spec.service, spec.key, tag);
}

export function workloadOf(clusterPlan: ClusterPlan, spec: WorkloadSpec, now: number): Workload {
  const turn = workloadTurn(clusterPlan, spec, now);
  return {
    cluster: clusterPlan.cluster,
    index: spec.index,
    kind: spec.kind,
    namespace: spec.namespace,
    name: spec.name,
    uid: uuid([...spec.key, 96]),
    service: spec.service,
    environment: spec.environment,
    revision: deployOf(clusterPlan, spec, turn.epoch).epoch,
    replicas:
      spec.kind === 'DaemonSet'
        ? clusterPlan.cluster.nodes - clusterPlan.cluster.reserved
        : replicasAt(spec, turn.epoch),
    createdAt: Date.parse('2023-01-01T00:00:00Z') + (mix(...spec.key, 97) % 100_000) * 1_000_000,
    labels: labelsOf(spec),
  };
}

function labelsOf(spec: WorkloadSpec): Record<string, string> {
  const app = spec.index % 3 === 0 ? { app: spec.name } : {};
  const team = spec.index % 2 === 0 ? { team: spec.service.team } : { 'meridian.example/Team': spec.service.team };
  return { 'app.kubernetes.io/name': spec.name, ...app, ...team, env: spec.environment };
}

/** `pod-template-hash` and the last part of a ReplicaSet's name. */
export const templateHash = (spec: WorkloadSpec, revision: number): string => suffix(10, [...spec.key, 98, revision]);
