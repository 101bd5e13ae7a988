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

/** Reasons that make a failure of a state that is none by itself. */
const FAILED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['paused', new Set(['I/O error', 'crashed', 'post-copy failed', 'api error'])],
  ['shut off', new Set(['crashed', 'failed'])],
]);

export interface DomainState {
  state: State;
  nativeState: string | null;
  stateReason: string | null;
}

/** @param said `shut off (crashed)` as domstate --reason, or the word alone; null where virsh did not say */
export function stateOf(said: string | null): DomainState {
  const [, word = null, reason = null] = /^(.*?)(?: \((.*)\))?$/.exec(said ?? '') ?? [];
  if (!word) return { state: 'unknown', nativeState: null, stateReason: null };
  const failed = reason !== null && FAILED.get(word)?.has(reason);
  return {
    state: failed ? 'failed' : (STATES.get(word) ?? 'unknown'),
    nativeState: word,
    stateReason: reason === 'unknown' ? null : reason,
  };
}
