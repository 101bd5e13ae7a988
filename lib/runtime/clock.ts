import { setTimeout as delay } from 'node:timers/promises';

/** Time, handed in so that tests own it. */
export interface Clock {
  /** Wall time, epoch milliseconds: for what people read. */
  now(): number;
  /** Milliseconds that never jump back: for durations and schedules. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `ring` after `ms` unless it is stopped before: a limit on what goes on meanwhile, where `sleep` is a pause in it. Returns the stop. */
  alarm(ms: number, ring: () => void): () => void;
}

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
