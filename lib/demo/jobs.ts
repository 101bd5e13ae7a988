import { KEPT_RUNS, type WorkloadSpec } from './plan/workloads.ts';
import { below, chance, mix, uuid } from './time/hash.ts';
import type { Occurrence } from './time/timeline.ts';
import type { Owner, Workload } from './types/types.ts';

export interface RunOccurrence extends Occurrence {
  finishedAt: number;
  failed: boolean;
}

const runOf = (spec: WorkloadSpec, number: number): RunOccurrence => {
  const hash = mix(...spec.key, 111, number);
  const createdAt = number * spec.every + below(mix(...spec.key, 112), spec.every);
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
export function cronOccurrences(spec: WorkloadSpec, now: number): RunOccurrence[] {
  const last = lastRun(spec, now);
  const runs: RunOccurrence[] = [];
  for (let number = last; number >= last - KEPT_RUNS; number--) runs.push(runOf(spec, number));
  // The oldest goes when the newest is done.
  if (now >= (runs[0]?.finishedAt ?? 0)) runs.pop();
  return runs;
}

/** True if a run began, ended or was forgotten between the two times. */
export function cronChanged(spec: WorkloadSpec, from: number, to: number): boolean {
  const last = lastRun(spec, to);
  return last !== lastRun(spec, from) || from < runOf(spec, last).finishedAt + 1000;
}

const lastRun = (spec: WorkloadSpec, now: number): number =>
  Math.floor((now - below(mix(...spec.key, 112), spec.every)) / spec.every);

export function jobOf(spec: WorkloadSpec, workload: Workload, occurrence: Occurrence): Owner {
  return {
    kind: 'Job',
    name: `${spec.name}-${Math.floor(occurrence.createdAt / 60_000)}`,
    uid: uuid([...spec.key, 113, occurrence.born]),
    workload,
    revision: occurrence.revision,
    createdAt: occurrence.createdAt,
    replicas: 1,
  };
}
