import { describe, expect, test } from 'vitest';
import { testClock } from '#tests/fakes/clock.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { type Clock, systemClock } from './clock.ts';

const virtual = new VirtualClock();

/** What every clock owes, and a way to let its time pass while a promise waits for it. */
describe.each<[string, Clock, <T>(promise: Promise<T>) => Promise<T>]>([
  ['the system clock', systemClock, (promise) => promise],
  ["the tests' virtual clock", virtual, (promise) => virtual.run(promise)],
  ["the tests' clock that passes at once", testClock(), (promise) => promise],
])('%s', (_, clock, pass) => {
  test('says the wall time in epoch milliseconds', () => {
    expect(clock.now()).toBeGreaterThan(Date.parse('2020-01-01T00:00:00Z'));
  });

  test('sleeps as long as it is asked to', async () => {
    const start = clock.monotonic();
    await pass(clock.sleep(20, new AbortController().signal));
    // Node rounds a timer down to whole milliseconds of its loop's own time.
    expect(clock.monotonic() - start).toBeGreaterThanOrEqual(18);
  });

  test("a sleep rejects with the signal's reason", async () => {
    await expect(clock.sleep(20, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });
});

test.each<[string, Clock]>([
  ['the system clock', systemClock],
  ["the tests' virtual clock", new VirtualClock()],
])('%s ends a sleep of any length as soon as the signal aborts', async (_, clock) => {
  const stop = new AbortController();
  const asleep = clock.sleep(2 ** 40, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(asleep).rejects.toThrow('stopped');
});

test('the system clock rings an alarm, unless it was stopped', async () => {
  const rung: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  systemClock.alarm(1, () => rung.push('stopped'))();
  systemClock.alarm(2, () => {
    rung.push('rings');
    resolve();
  });
  await promise;
  expect(rung).toEqual(['rings']);
});
