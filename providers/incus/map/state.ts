import type { Resource, State } from '#lib/model/index.ts';

/**
 * All states of an instance, by the words of the API; why each is what it is: docs/states.md. What is not here is `unknown`, its own word beside
 * it. Source: `shared/api/status_code.go` of Incus and LXD, codes 100 to 113.
 */
const STATES: ReadonlyMap<string, State> = new Map([
  ['Started', 'running'],
  ['Stopped', 'stopped'],
  ['Running', 'running'],
  ['Pending', 'starting'],
  ['Starting', 'starting'],
  ['Stopping', 'stopping'],
  ['Aborting', 'stopping'],
  ['Freezing', 'stopping'],
  ['Frozen', 'suspended'],
  ['Thawed', 'running'],
  ['Error', 'failed'],
  ['Ready', 'running'],
  ['Cancelling', 'unknown'],
]);

export type Condition = Pick<Resource, 'state' | 'stateReason' | 'ready' | 'readyReason'>;

const NEVER_STARTED = 'created, never started';
const SAVED = 'stateful stop';

/**
 * @param saved its memory is on disk (`stateful`)
 * @param used whether it was ever started
 */
export function conditionOf(native: string | null, saved: boolean, used: boolean): Condition {
  const state = STATES.get(native ?? '') ?? 'unknown';
  // Said by a guest that tells /dev/incus or /dev/lxd that it is; most never do.
  const readiness = { ready: native === 'Ready' ? true : null, readyReason: null };
  if (state !== 'stopped') return { state, stateReason: null, ...readiness };
  if (saved) return { state: 'suspended', stateReason: SAVED, ...readiness };
  return used
    ? { state, stateReason: null, ...readiness }
    : { state: 'starting', stateReason: NEVER_STARTED, ...readiness };
}

/** On its way to another word, which no event may tell. */
export const isTransient = (native: string | null): boolean =>
  /^(Pending|Starting|Stopping|Aborting|Freezing|Thawed)$/.test(native ?? '');

/** States of a cluster's member, https://linuxcontainers.org/incus/docs/main/explanation/clustering/#offline-members-and-fault-tolerance */
const MEMBER_STATES: ReadonlyMap<string, State> = new Map([
  ['Online', 'running'],
  ['Offline', 'unknown'],
  ['Blocked', 'running'],
  ['Evacuating', 'running'],
  ['Evacuated', 'running'],
  ['Restoring', 'running'],
]);

/** Why is not kept: it says for how many seconds nobody has heard of it. */
export function memberConditionOf(native: string | null): Pick<Condition, 'state' | 'stateReason'> {
  return {
    state: MEMBER_STATES.get(native ?? '') ?? 'unknown',
    stateReason: native === null || native === 'Online' ? null : native,
  };
}
