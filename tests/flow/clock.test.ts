import { expect, test } from 'vitest';
import { VirtualClock } from '#tests/support/clock.ts';

const never = new AbortController().signal;

test('wakes sleepers in the order of their moments and shows each its own time', async () => {
  const clock = new VirtualClock(1_000);
  const woken: [string, number, number][] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms, never);
    woken.push([name, clock.monotonic(), clock.now()]);
  };
  void sleeper('late', 50);
  void sleeper('early', 10).then(() => sleeper('again', 20));
  await clock.advance(49);
  expect(woken).toEqual([
    ['early', 10, 1_010],
    ['again', 30, 1_030],
  ]);
  expect(clock.sleeping()).toEqual([1]);
  await clock.advance(1);
  expect(woken).toHaveLength(3);
});

test('an aborted sleep rejects with the reason of its signal and is forgotten', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const slept = clock.sleep(10, controller.signal);
  controller.abort(new Error('enough'));
  await expect(slept).rejects.toThrow('enough');
  expect(clock.sleeping()).toEqual([]);
  await expect(clock.sleep(10, controller.signal)).rejects.toThrow('enough');
});

test('a jump of the wall leaves monotonic time and sleepers alone', async () => {
  const clock = new VirtualClock(0);
  const slept = clock.sleep(10, never);
  clock.jumpWall(-86_400_000);
  expect(clock.now()).toBe(-86_400_000);
  await clock.advance(10);
  await expect(slept).resolves.toBeUndefined();
});

test('run moves time as far as a promise needs it', async () => {
  const clock = new VirtualClock();
  const work = async () => {
    await clock.sleep(60_000, never);
    await clock.sleep(60_000, never);
    return 'done';
  };
  await expect(clock.run(work())).resolves.toBe('done');
  expect(clock.monotonic()).toBe(120_000);
});
