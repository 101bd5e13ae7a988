import {
  type ClusterPlan,
  deployOf,
  isDeploy,
  replicasAt,
  type WorkloadSpec,
  workloadEvent,
  workloadTurn,
} from '../plan/workloads.ts';
import { mix } from './hash.ts';
import { timeOf } from './schedule.ts';

/** One pod's place in its workload's history, before its containers are made. */
export interface Occurrence {
  ordinal: number;
  revision: number;
  /** The turn at which this ordinal got its present pod. */
  born: number;
  createdAt: number;
  /** Set while it terminates. */
  deletedAt: number | null;
  /** Its image cannot be pulled until then. */
  badImageUntil: number | null;
}

/** A terminating pod is seen this long. */
const LEAVING_MS = 12_000;
/** The old pod goes when the new one has been ready. */
const READY_AFTER_MS = 9_000;
/** How long a deploy with a wrong image hangs. */
export const BAD_DEPLOY_MS = 150_000;
/** Longest time for which one turn of a workload goes on changing things. */
export const WORKLOAD_EVENT_MS = 420_000;

/** Pods that the replicas of a Deployment or StatefulSet have at `now`: one each, two while one replaces the other. */
export function* occurrencesOf(clusterPlan: ClusterPlan, spec: WorkloadSpec, now: number): Generator<Occurrence> {
  const turn = workloadTurn(clusterPlan, spec, now);
  const event = workloadEvent(spec, turn.epoch);
  const current = replicasAt(spec, turn.epoch);
  const before = replicasAt(spec, turn.epoch - 1);
  for (let ordinal = 0; ordinal < Math.max(current, before); ordinal++) {
    const here = (epoch: number) => occurrenceAt(clusterPlan, spec, epoch, ordinal);
    if (ordinal >= current) {
      const deletedAt = turn.at + 2000 * (ordinal - current);
      const occurrence = here(turn.epoch - 1);
      if (now < deletedAt) yield occurrence;
      else if (now < deletedAt + LEAVING_MS) yield { ...occurrence, deletedAt };
      continue;
    }
    const occurrence = here(turn.epoch);
    const replaces = isDeploy(event) && ordinal < before;
    // A StatefulSet's pod keeps its name: the old one must be gone first.
    const deletedAt =
      occurrence.createdAt + (spec.kind === 'StatefulSet' ? -LEAVING_MS : READY_AFTER_MS + badFor(occurrence));
    if (replaces && now < deletedAt + LEAVING_MS) {
      const old = here(turn.epoch - 1);
      if (now < deletedAt) yield old;
      else yield { ...old, deletedAt };
    }
    if (now >= occurrence.createdAt) yield occurrence;
  }
}

const badFor = (occurrence: Occurrence): number =>
  occurrence.badImageUntil === null ? 0 : occurrence.badImageUntil - occurrence.createdAt;

/** The pod that an ordinal ends up with in an epoch. */
function occurrenceAt(clusterPlan: ClusterPlan, spec: WorkloadSpec, epoch: number, ordinal: number): Occurrence {
  const deploy = deployOf(clusterPlan, spec, epoch);
  if (spec.still) return { ordinal, revision: 0, born: 0, createdAt: deploy.at, deletedAt: null, badImageUntil: null };
  let born = epoch;
  while (born > deploy.epoch && ordinal < replicasAt(spec, born - 1)) born--;
  const at = timeOf(clusterPlan.schedule, spec.index, born);
  const rolls = born === deploy.epoch;
  const step = Math.min(9000, 90_000 / Math.max(1, spec.replicas));
  const bad = rolls && workloadEvent(spec, born) === 'bad-deploy';
  // The first pod of a deploy whose image is wrong hangs, and the others wait for it.
  const held = bad && ordinal > 0 ? BAD_DEPLOY_MS : 0;
  const createdAt = at + held + (rolls ? 14_000 + ordinal * step : 1000 * (ordinal + 1));
  return {
    ordinal,
    revision: deploy.epoch,
    born,
    createdAt,
    deletedAt: null,
    badImageUntil: bad && ordinal === 0 ? createdAt + BAD_DEPLOY_MS : null,
  };
}

/** How a pod's main container fared since it was made. */
export interface Health {
  restarts: number;
  /** Start of its present run; null = since the pod started. */
  since: number | null;
  /** Set while it is down again and again. */
  crashing: boolean;
  /** Why it ended the last time. */
  lastReason: 'OOMKilled' | 'Error' | null;
}

const CRASH_MS = 240_000;

export function healthOf(
  clusterPlan: ClusterPlan,
  spec: WorkloadSpec,
  occurrence: Pick<Occurrence, 'ordinal' | 'born'>,
  now: number,
): Health {
  const turn = workloadTurn(clusterPlan, spec, now);
  const health: Health = { restarts: 0, since: null, crashing: false, lastReason: null };
  const first = Math.max(occurrence.born + 1, turn.epoch - 16);
  for (let epoch = first; epoch <= turn.epoch; epoch++) {
    const event = workloadEvent(spec, epoch);
    if (event !== 'restart' && event !== 'crash') continue;
    const count = spec.kind === 'DaemonSet' ? clusterPlan.cluster.nodes : spec.replicas;
    if (mix(...spec.key, 99, epoch) % count !== occurrence.ordinal) continue;
    const at = timeOf(clusterPlan.schedule, spec.index, epoch);
    const age = now - at;
    if (age < 0) continue;
    health.restarts += event === 'restart' ? 1 : Math.min(5, 1 + Math.floor(age / 48_000));
    health.since = event === 'restart' ? at + 2000 : at + CRASH_MS;
    health.crashing = event === 'crash' && age < CRASH_MS;
    health.lastReason = event === 'restart' ? 'OOMKilled' : 'Error';
  }
  return health;
}
