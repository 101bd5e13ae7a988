import type { State } from '#lib/model/index.ts';

/**
 * All states of virDomainState in virsh's words (`virsh domstate`, LC_ALL=C),
 * https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState. `idle` is VIR_DOMAIN_BLOCKED, the usual one on Xen.
 */
const STATES: ReadonlyMap<string, State> = new Map([
  ['no state', 'unknown'],
  ['running', 'running'],
  ['idle', 'running'],
  ['paused', 'suspended'],
  ['in shutdown', 'stopping'],
  ['shut off', 'stopped'],
  ['crashed', 'failed'],
  ['pmsuspended', 'suspended'],
]);

/** What virsh's reason makes of a state, where that is something else; why: docs/states.md. */
const BY_REASON: ReadonlyMap<string, State> = new Map([
  ['paused (I/O error)', 'failed'],
  ['paused (watchdog)', 'failed'],
  ['paused (crashed)', 'failed'],
  ['paused (post-copy failed)', 'failed'],
  ['paused (api error)', 'failed'],
  ['paused (starting up)', 'starting'],
  ['paused (shutting down)', 'stopping'],
  ['shut off (crashed)', 'failed'],
  ['shut off (failed)', 'failed'],
  ['shut off (saved)', 'suspended'],
]);

export interface DomainState {
  state: State;
  nativeState: string | null;
  stateReason: string | null;
}

/** @param said `shut off (crashed)` as domstate --reason, or the word alone; null where virsh did not say */
export function stateOf(line: string | null): DomainState {
  const [, word = null, reason = null] = /^(.*?)(?: \((.*)\))?$/.exec(line ?? '') ?? [];
  if (!word) return { state: 'unknown', nativeState: null, stateReason: null };
  return {
    state: BY_REASON.get(line ?? '') ?? STATES.get(word) ?? 'unknown',
    nativeState: word,
    stateReason: reason === 'unknown' ? null : reason,
  };
}
