import { chance, type Key, mix, pick, suffix, uuid, weighted } from '../time/hash.ts';
import { makeRota, type Rota, type Turn, timeOf, turnOf } from '../time/rota.ts';
import type { Cluster, EnvironmentName, Service, Template, Workload, WorkloadKind } from '../types/types.ts';
import { environmentOf, SERVICES } from './names.ts';
import type { Plan } from './plan.ts';
import { cronTemplates, imageTag, SYSTEM_WORKLOADS, serviceTemplates, virtualMachineTemplates } from './templates.ts';

/** A fault that stays: it never leaves this state while the workload exists. */
export type Ailment = 'crash' | 'image' | 'unschedulable' | null;

/** The part of a workload that does not change. */
export interface Scheme {
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
export interface Estate {
  cluster: Cluster;
  schemes: readonly Scheme[];
  rota: Rota;
}

// A service that a cluster runs more than once.
const VARIANTS = ['internal', 'canary', 'eu', 'us', 'legacy', 'v2'];
const ROUND = 16;
const SYSTEM: Service = { name: 'system', team: 'infrastructure', kind: 'worker' };
/** Pods of past runs that a CronJob keeps. */
export const KEPT_RUNS = 3;

export function estateOf(plan: Plan, cluster: Cluster): Estate {
  const schemes: Scheme[] = [];
  const named = new Map<string, number>();
  let left = cluster.budget;
  for (const system of SYSTEM_WORKLOADS) {
    const scheme = makeScheme(plan, cluster, schemes.length, system);
    schemes.push(scheme);
    left -=
      system.templates.length * (system.kind === 'DaemonSet' ? cluster.nodes - cluster.reserved : system.replicas);
  }
  for (const scheme of specialSchemes(plan, cluster, schemes.length)) {
    named.set(scheme.name, 1);
    schemes.push(scheme);
    left -= templatesOf(scheme, 0).length * scheme.replicas;
  }
  while (left > 0) {
    const scheme = makeScheme(plan, cluster, schemes.length, null);
    const seen = named.get(scheme.name) ?? 0;
    named.set(scheme.name, seen + 1);
    if (seen > 0) scheme.name += `-${VARIANTS[seen - 1] ?? seen + 1}`;
    const each = templatesOf(scheme, 0).length;
    const most = Math.max(1, Math.floor(left / each));
    if (scheme.kind !== 'CronJob') scheme.replicas = Math.min(scheme.replicas, most);
    schemes.push(scheme);
    left -= each * (scheme.kind === 'CronJob' ? KEPT_RUNS : scheme.replicas);
  }
  // About six rows change with each turn of a workload.
  const perMinute = (plan.changesPerMinute / 10) * (cluster.budget / plan.containers);
  return { cluster, schemes, rota: makeRota(schemes.length, 60_000 / perMinute, mix(plan.seed, 91, cluster.index)) };
}

function makeScheme(
  plan: Plan,
  cluster: Cluster,
  index: number,
  system: (typeof SYSTEM_WORKLOADS)[number] | null,
): Scheme {
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
function specialSchemes(plan: Plan, cluster: Cluster, first: number): Scheme[] {
  const schemes: Scheme[] = [];
  const add = (name: string, kind: WorkloadKind, replicas: number, reserved: boolean): void => {
    const made = makeScheme(plan, cluster, first + schemes.length, null);
    const service = SERVICES.find((s) => s.name === name) ?? SYSTEM;
    schemes.push({
      ...made,
      ...{ kind, name, service, namespace: service.team, replicas, reserved, ailment: null, every: 0, still: true },
    });
  };
  if (cluster.reserved > 0) add('preview-env', 'Deployment', cluster.reserved, true);
  for (let i = 0; i < cluster.virtualMachines; i++) add(`desktop-${i + 1}`, 'VirtualMachineInstance', 1, false);
  return schemes;
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
export function workloadEvent(scheme: Scheme, epoch: number): WorkloadEvent {
  if (scheme.kind === 'CronJob' || scheme.ailment || scheme.still) return 'none';
  const hash = mix(...scheme.key, 93, epoch);
  if (scheme.kind === 'DaemonSet') return chance(hash, 0.5) ? 'restart' : 'none';
  // Every so many turns it is deployed for certain, so that its revision is found in a few steps.
  if ((epoch + scheme.index) % ROUND === 0) return 'deploy';
  const stateful = scheme.kind === 'StatefulSet';
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
export function deployOf(estate: Estate, scheme: Scheme, epoch: number): Turn {
  if (scheme.still) return { epoch: 0, at: STILL_SINCE };
  const still = scheme.kind === 'CronJob' || scheme.kind === 'DaemonSet' || scheme.ailment !== null;
  let e = still ? Math.floor((epoch + scheme.index) / ROUND) * ROUND - scheme.index : epoch;
  if (!still) while (!isDeploy(workloadEvent(scheme, e))) e--;
  return { epoch: e, at: timeOf(estate.rota, scheme.index, e) };
}

/** How many replicas a workload wants from one turn on. */
export function replicasAt(scheme: Scheme, epoch: number): number {
  if (workloadEvent(scheme, epoch) !== 'scale') return scheme.replicas;
  const change = pick(mix(...scheme.key, 94, epoch), [-2, -1, 1, 2, 3]);
  return Math.max(1, scheme.replicas + change);
}

export const workloadTurn = (estate: Estate, scheme: Scheme, now: number): Turn =>
  turnOf(estate.rota, scheme.index, now);

/** Containers of the workload's pods, as of a revision. */
export function templatesOf(scheme: Scheme, revision: number): readonly Template[] {
  const system = SYSTEM_WORKLOADS[scheme.index];
  if (system) return system.templates;
  const tag = imageTag(mix(...scheme.key, 95), revision);
  if (scheme.kind === 'VirtualMachineInstance') return virtualMachineTemplates();
  return scheme.kind === 'CronJob'
    ? cronTemplates(scheme.service, scheme.key, tag)
    : serviceTemplates(scheme.service, scheme.key, tag);
}

export function workloadOf(estate: Estate, scheme: Scheme, now: number): Workload {
  const turn = workloadTurn(estate, scheme, now);
  return {
    cluster: estate.cluster,
    index: scheme.index,
    kind: scheme.kind,
    namespace: scheme.namespace,
    name: scheme.name,
    uid: uuid([...scheme.key, 96]),
    service: scheme.service,
    environment: scheme.environment,
    revision: deployOf(estate, scheme, turn.epoch).epoch,
    replicas:
      scheme.kind === 'DaemonSet' ? estate.cluster.nodes - estate.cluster.reserved : replicasAt(scheme, turn.epoch),
    createdAt: Date.parse('2023-01-01T00:00:00Z') + (mix(...scheme.key, 97) % 100_000) * 1_000_000,
    labels: labelsOf(scheme),
  };
}

function labelsOf(scheme: Scheme): Record<string, string> {
  const app = scheme.index % 3 === 0 ? { app: scheme.name } : {};
  const team =
    scheme.index % 2 === 0 ? { team: scheme.service.team } : { 'meridian.example/Team': scheme.service.team };
  return { 'app.kubernetes.io/name': scheme.name, ...app, ...team, env: scheme.environment };
}

/** `pod-template-hash` and the last part of a ReplicaSet's name. */
export const templateHash = (scheme: Scheme, revision: number): string => suffix(10, [...scheme.key, 98, revision]);
