import type { Clock } from './clock.ts';

/** Waits for a promise, `ms` at most. @throws the signal's reason, or what the promise rejects with */
export async function waitAtMost(
  promise: Promise<unknown>,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const sleep = clock.sleep(Math.max(0, ms), AbortSignal.any([signal, stop.signal]));
  try {
    await Promise.race([promise, sleep]);
  } finally {
    sleep.catch(() => undefined);
    stop.abort();
  }
}

/** Wakes all who wait at that moment; who comes later waits for the next time. */
export interface Notifier {
  notify(): void;
  /** Waits `ms`, or until {@link notify}. @throws the signal's reason */
  wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void>;
}

export function createNotifier(): Notifier {
  let next = Promise.withResolvers<void>();
  return {
    notify() {
      next.resolve();
      next = Promise.withResolvers();
    },
    wait: (ms, clock, signal) => waitAtMost(next.promise, ms, clock, signal),
  };
}
