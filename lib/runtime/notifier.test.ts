import { expect, test } from 'vitest';
import { VirtualClock } from '#tests/support/clock.ts';
import { createNotifier, waitAtMost } from './notifier.ts';

const { signal } = new AbortController();

test('wakes all who wait, and nobody who comes later', async () => {
  const clock = new VirtualClock();
  const notifier = createNotifier();
  const woken: string[] = [];
  for (const name of ['a', 'b']) notifier.wait(1000, clock, signal).then(() => woken.push(name));
  notifier.notify();
  notifier.wait(1000, clock, signal).then(() => woken.push('later'));
  await clock.settle();
  expect(woken).toEqual(['a', 'b']);
  // Nobody who has left sleeps on.
  expect(clock.sleeping()).toEqual([1000]);
  await clock.advance(1000);
  expect(woken).toEqual(['a', 'b', 'later']);
});

test('ends with the promise, with the time, with the signal', async () => {
  const clock = new VirtualClock();
  const { promise } = Promise.withResolvers<void>();
  await expect(waitAtMost(Promise.reject(new Error('broke')), 1000, clock, signal)).rejects.toThrow('broke');
  await clock.run(waitAtMost(promise, 1000, clock, signal));
  expect(clock.monotonic()).toBe(1000);
  const stop = new AbortController();
  const waiting = waitAtMost(promise, 1000, clock, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  expect(clock.sleeping()).toEqual([]);
});
