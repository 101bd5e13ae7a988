import type { Resource } from './resource.ts';
import type { READINESS } from './vocabulary.ts';

/** `no` is what asks for attention; null is neither. */
export const readinessOf = (ready: boolean | null): (typeof READINESS)[number] | null =>
  ready === null ? null : ready ? 'yes' : 'no';

/** `OOMKilled (137)` */
export const endText = ({ reason, exitCode }: NonNullable<Resource['lastEnd']>): string =>
  exitCode === null ? reason : `${reason} (${exitCode})`;

/**
 * All that is known of why a resource is as it is, in one line: `CrashLoopBackOff, last OOMKilled (137), 7 restarts`. The parts stay
 * apart in the model, so that the reason can be filtered and grouped by and a restart does not change it.
 */
export function conditionText(
  resource: Pick<Resource, 'state' | 'stateReason' | 'ready' | 'readyReason' | 'lastEnd' | 'restarts'>,
): string | null {
  const { state, stateReason, ready, readyReason, lastEnd, restarts } = resource;
  const parts = [
    // What runs and is not ready says why not first; what does not run says why it does not, which is why it is not ready.
    state === 'running' && ready === false ? (readyReason ?? 'not ready') : null,
    state === 'running' && ready === false && stateReason === readyReason ? null : stateReason,
    lastEnd === null ? null : `last ${endText(lastEnd)}`,
    restarts === null || restarts === 0 ? null : `${restarts} restart${restarts === 1 ? '' : 's'}`,
  ].filter((part) => part !== null && part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}
