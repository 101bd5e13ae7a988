import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from '#tests/support/clock.ts';
import { createSemaphore, type Permit, type Priority } from './semaphore.ts';

const FIFO = { healthy: { rank: 0 }, unhealthy: { rank: 0, restricted: true } };
const RANKED = {
  known: { rank: 0, preempts: true, fairMs: 1000 },
  new: { rank: 1, preempts: true, fairMs: 100, restricted: true, anyOrder: true },
  failed: { rank: 2, fairMs: 1000, restricted: true },
};

function rig<P extends string>(
  limit: number,
  priorities: Record<P, Priority>,
  { restrictedLimit = limit, random = (): number => 0 } = {},
) {
  const clock = new VirtualClock();
  const semaphore = createSemaphore({ limit, restrictedLimit, priorities, clock, random });
  const entered: string[] = [];
  const permits = new Map<string, Permit>();
  const { signal } = new AbortController();
  const enter = async (priority: P, name: string, preemptible = false) => {
    permits.set(name, await semaphore.acquire(priority, signal, preemptible));
    entered.push(name);
  };
  return {
    clock,
    semaphore,
    enter,
    entered,
    release: async (name: string) => {
      permits.get(name)?.release();
      await clock.settle();
    },
    preempted: () => [...permits].filter(([, permit]) => permit.preempted.aborted).map(([name]) => name),
  };
}

test('lets so many through, the others in the order in which they came', async () => {
  const { clock, enter, entered, release } = rig(2, FIFO);
  for (const name of ['a', 'b', 'c', 'd']) enter('healthy', name);
  await clock.settle();
  expect(entered).toEqual(['a', 'b']);
  await release('b');
  await release('a');
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('holds those of one rank to their order, and the restricted to their share', async () => {
  const { clock, enter, entered, release } = rig(4, FIFO, { restrictedLimit: 2 });
  for (const name of ['u1', 'u2', 'u3', 'u4']) enter('unhealthy', name);
  enter('healthy', 'h1');
  await clock.settle();
  expect(entered).toEqual(['u1', 'u2', 'h1']);
  enter('healthy', 'h2');
  enter('healthy', 'h3');
  await clock.settle();
  expect(entered).toEqual(['u1', 'u2', 'h1', 'h2']);
  // The third of the restricted came before: with a share free, it goes before.
  await release('u1');
  expect(entered.at(-1)).toBe('u3');
  await release('h1');
  expect(entered.at(-1)).toBe('h3');
});

test('a share is never less than one', async () => {
  const { clock, enter, entered } = rig(1, FIFO, { restrictedLimit: 0 });
  enter('unhealthy', 'a');
  await clock.settle();
  expect(entered).toEqual(['a']);
});

test('lets the lower rank go first, and any of those whose order says nothing', async () => {
  const { clock, enter, entered, release } = rig(1, RANKED, { random: () => 0.99 });
  enter('failed', 'first');
  enter('failed', 'failed');
  for (const name of ['n1', 'n2', 'n3']) enter('new', name);
  enter('known', 'known');
  await clock.settle();
  for (const name of ['first', 'known', 'n3', 'n2', 'n1']) await release(name);
  expect(entered).toEqual(['first', 'known', 'n3', 'n2', 'n1', 'failed']);
});

test('preempts after a fair time, as many as wait for it, the longest held first', async () => {
  const { clock, enter, preempted } = rig(2, RANKED);
  enter('new', 'a', true);
  enter('new', 'b', true);
  enter('failed', 'failed');
  await clock.advance(60_000);
  expect(preempted()).toEqual([]);
  enter('known', 'c');
  await clock.settle();
  expect(preempted()).toEqual(['a']);
  enter('known', 'd');
  await clock.settle();
  expect(preempted()).toEqual(['a', 'b']);
});

test('preempts nobody before a fair time, or who is not preemptible', async () => {
  const { clock, enter, preempted } = rig(2, RANKED);
  enter('known', 'a', true);
  enter('known', 'b');
  enter('known', 'c');
  await clock.advance(999);
  expect(preempted()).toEqual([]);
  await clock.advance(60_000);
  expect(preempted()).toEqual(['a']);
});

test('who leaves the queue takes no permit, and a permit is given back once', async () => {
  const { clock, enter, entered, release, semaphore } = rig(1, FIFO);
  enter('healthy', 'a');
  const stop = new AbortController();
  const left = semaphore.acquire('healthy', stop.signal);
  stop.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await expect(semaphore.acquire('healthy', stop.signal)).rejects.toThrow('left');
  for (const name of ['b', 'c']) enter('healthy', name);
  await release('a');
  await release('a');
  await clock.settle();
  expect(entered).toEqual(['a', 'b']);
});

test('never lets more through than its limits, and everybody in the end', async () => {
  const arrivals = fc.array(fc.constantFrom('known' as const, 'new' as const, 'failed' as const), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), arrivals, async (limit, priorities) => {
      const clock = new VirtualClock();
      const options = { limit, restrictedLimit: Math.max(1, limit - 1), priorities: RANKED, clock, random: () => 0.5 };
      const semaphore = createSemaphore(options);
      let [held, restricted, most, mostRestricted] = [0, 0, 0, 0];
      const { signal } = new AbortController();
      const runs = priorities.map(async (priority, at) => {
        const permit = await semaphore.acquire(priority, signal, at % 2 === 0);
        held++;
        if (priority !== 'known') restricted++;
        most = Math.max(most, held);
        mostRestricted = Math.max(mostRestricted, restricted);
        await clock.sleep(100, signal);
        held--;
        if (priority !== 'known') restricted--;
        permit.release();
      });
      await clock.run(Promise.all(runs));
      expect(most).toBeLessThanOrEqual(limit);
      expect(mostRestricted).toBeLessThanOrEqual(options.restrictedLimit);
    }),
    { numRuns: 30 },
  );
});
