import type { Call, Clock } from '../contract.ts';

/** Waits for a promise, `ms` at most. @throws the signal's reason, or what the promise rejects with */
export async function within(promise: Promise<unknown>, ms: number, clock: Clock, call: Call): Promise<void> {
  const stop = new AbortController();
  const sleep = clock.sleep(Math.max(0, ms), AbortSignal.any([call.signal, stop.signal]));
  try {
    await Promise.race([promise, sleep]);
  } finally {
    sleep.catch(() => undefined);
    stop.abort();
  }
}

/** What the watches of one system tell each other: a stream of one broke, so that one that only asks now and then asks at once. */
export interface Pulse {
  broke(): void;
  /** Waits `ms`, or until a stream breaks. */
  rest(ms: number, clock: Clock, call: Call): Promise<void>;
}

export function createPulse(): Pulse {
  let next = Promise.withResolvers<void>();
  return {
    broke() {
      next.resolve();
      next = Promise.withResolvers();
    },
    rest: (ms, clock, call) => within(next.promise, ms, clock, call),
  };
}
