import { KEPT_RUNS, type Scheme } from './plan/workloads.ts';
import { below, chance, mix, uuid } from './time/hash.ts';
import type { Slip } from './time/timeline.ts';
import type { Owner, Workload } from './types/types.ts';

export interface RunSlip extends Slip {
  finishedAt: number;
  failed: boolean;
}

const runOf = (scheme: Scheme, number: number): RunSlip => {
  const hash = mix(...scheme.key, 111, number);
  const createdAt = number * scheme.every + below(mix(...scheme.key, 112), scheme.every);
  return {
    ordinal: 0,
    revision: Math.floor(number / 40),
    born: number,
    createdAt,
    finishedAt: createdAt + 20_000 + below(hash, 70_000),
    failed: chance(mix(hash, 1), 0.06),
    deletedAt: null,
    badImageUntil: null,
  };
};

/** The runs of a CronJob that are still there: those kept, and the one that runs. */
export function cronSlips(scheme: Scheme, now: number): RunSlip[] {
  const last = lastRun(scheme, now);
  const runs: RunSlip[] = [];
  for (let number = last; number >= last - KEPT_RUNS; number--) runs.push(runOf(scheme, number));
  // The oldest goes when the newest is done.
  if (now >= (runs[0]?.finishedAt ?? 0)) runs.pop();
  return runs;
}

/** True if a run began, ended or was forgotten between the two times. */
export function cronChanged(scheme: Scheme, from: number, to: number): boolean {
  const last = lastRun(scheme, to);
  return last !== lastRun(scheme, from) || from < runOf(scheme, last).finishedAt + 1000;
}

const lastRun = (scheme: Scheme, now: number): number =>
  Math.floor((now - below(mix(...scheme.key, 112), scheme.every)) / scheme.every);

export function jobOf(scheme: Scheme, workload: Workload, slip: Slip): Owner {
  return {
    kind: 'Job',
    name: `${scheme.name}-${Math.floor(slip.createdAt / 60_000)}`,
    uid: uuid([...scheme.key, 113, slip.born]),
    workload,
    revision: slip.revision,
    createdAt: slip.createdAt,
    replicas: 1,
  };
}
