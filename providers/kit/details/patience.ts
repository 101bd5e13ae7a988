import type { Clock } from '#providers/contract.ts';

/** How long rows wait for a call beside their list that brings nothing. */
export const PATIENCE_MS = 4_000;
/** Together for all that hang; whatever is asked after it gets no more than the last. */
const TOGETHER_MS = 5_000;
const LEAST_MS = 500;
/** After this without waiting in vain, patience is whole again. */
const REST_MS = 60_000;

/**
 * How long the listings of one account wait for calls beside their lists: many that hang must not add up to the deadline of a listing,
 * which is 8 s where sources are listed every 10 s.
 */
export interface Patience {
  /** Milliseconds to wait for the next sign of life. */
  left(): number;
  /** So long was waited in vain. */
  lost(ms: number): void;
}

export function createPatience(clock: Clock): Patience {
  let lost = 0;
  let at = Number.NEGATIVE_INFINITY;
  return {
    left() {
      if (clock.monotonic() - at >= REST_MS) lost = 0;
      return Math.min(PATIENCE_MS, Math.max(LEAST_MS, TOGETHER_MS - lost));
    },
    lost(ms) {
      lost += ms;
      at = clock.monotonic();
    },
  };
}
