import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { VirtualClock } from '#tests/support/clock.ts';
import { Timer } from './timer.ts';

function rig() {
  const clock = new VirtualClock();
  const timer = new Timer(clock);
  const stop = new AbortController();
  let over = false;
  const sleep = (ms: number) => {
    over = false;
    return timer.sleepUntil(clock.monotonic() + ms, stop.signal).then(() => {
      over = true;
    });
  };
  return { clock, timer, stop, sleep, isOver: () => over };
}

test('ends at its moment', async () => {
  const { clock, sleep, isOver } = rig();
  sleep(100);
  await clock.advance(99);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  expect(isOver()).toBe(true);
});

test('ends when it is woken, and the next pause is a whole one', async () => {
  const { clock, timer, stop, sleep, isOver } = rig();
  sleep(100);
  timer.wake();
  await clock.settle();
  expect(isOver()).toBe(true);
  timer.wake();
  sleep(100);
  await clock.advance(99);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  expect(isOver()).toBe(true);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test("throws the signal's reason when aborted", async () => {
  const { stop, sleep } = rig();
  const asleep = sleep(100);
  stop.abort(new Error('stopped'));
  await expect(asleep).rejects.toThrow('stopped');
  await expect(sleep(0)).rejects.toThrow('stopped');
});
