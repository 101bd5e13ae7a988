import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '#providers/contract.ts';

/** Longer timers fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time. A sleep keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    try {
      for (let left = ms; left > 0; left -= LONGEST_TIMER) await delay(Math.min(left, LONGEST_TIMER), null, { signal });
    } catch (error) {
      // Node rejects with an error of its own; the contract promises the signal's reason.
      signal.throwIfAborted();
      throw error;
    }
  },
  alarm(ms, ring) {
    const timer = setTimeout(ring, Math.min(ms, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};
