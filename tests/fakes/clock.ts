import type { Clock } from '#providers/contract.ts';

export interface TestClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly sleeps: number[];
  advance(ms: number): void;
}

/** A clock that tests own: a sleep is over at once, and time has passed; an alarm rings when so much time has. */
export function testClock(start = Date.parse('2026-11-21T09:00:00Z')): TestClock {
  let now = start;
  const sleeps: number[] = [];
  const alarms = new Set<{ due: number; ring: () => void }>();
  const pass = (ms: number) => {
    now += ms;
    for (const alarm of [...alarms].filter(({ due }) => due <= now)) {
      alarms.delete(alarm);
      alarm.ring();
    }
  };
  return {
    sleeps,
    now: () => now,
    monotonic: () => now - start,
    advance: pass,
    alarm(ms, ring) {
      const alarm = { due: now + ms, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      sleeps.push(ms);
      pass(ms);
    },
  };
}
