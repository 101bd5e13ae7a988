import type { Clock } from '#providers/contract.ts';

export interface TestClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly sleeps: number[];
  advance(ms: number): void;
}

/** A clock that tests own: a sleep is over at once, and time has passed. */
export function testClock(start = Date.parse('2026-11-21T09:00:00Z')): TestClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    monotonic: () => now - start,
    advance: (ms) => {
      now += ms;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
  };
}
