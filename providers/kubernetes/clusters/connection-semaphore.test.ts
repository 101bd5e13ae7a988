import { beforeEach, describe, expect, it } from 'vitest';
import type { Permit } from '#lib/runtime/semaphore.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { silentLogger } from '#tests/support/log.ts';
import { type ClusterPriority, type ConnectionSemaphore, createConnectionSemaphore } from './connection-semaphore.ts';

describe('places for connections', () => {
  const { signal } = new AbortController();
  let clock: VirtualClock;
  let semaphore: ConnectionSemaphore;
  let order: string[];
  beforeEach(() => {
    clock = new VirtualClock();
    semaphore = createConnectionSemaphore({ source: 'test', log: silentLogger, clock, random: () => 0 }, 4);
    order = [];
  });

  const enter = (priority: ClusterPriority, name: string, yields = false): Promise<Permit> => {
    const permit = semaphore.acquire(priority, signal, yields);
    permit.then(() => order.push(name));
    return permit;
  };

  it('lets in what lives first, and leaves a quarter to it', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) enter('unhealthy', name);
    await clock.settle();
    expect(order).toEqual(['a', 'b', 'c']);
    const live = await enter('steady', 'live');
    enter('slow', 'slow');
    enter('new', 'new');
    enter('steady', 'live too');
    await clock.settle();
    expect(order).toEqual(['a', 'b', 'c', 'live']);
    live.release();
    await clock.settle();
    expect(order.slice(4)).toEqual(['live too']);
  });

  it('fault 106: lets in what was lost lately before what never answered, and behind what was never asked', async () => {
    const held = await Promise.all(['a', 'b', 'c'].map((name) => enter('unhealthy', name, true)));
    enter('unhealthy', 'dead');
    enter('slow', 'slow');
    enter('lost', 'lost');
    enter('new', 'new');
    await clock.advance(1000);
    expect(held.map(({ preempted }) => preempted.aborted)).toEqual([true, true, true]);
    for (const permit of held) permit.release();
    await clock.settle();
    expect(order.slice(3)).toEqual(['new', 'lost', 'slow']);
  });

  it('takes back the places of those that yield for what lives or may live, not for what failed', async () => {
    const held = await Promise.all(['a', 'b', 'c'].map((name) => enter('new', name, true)));
    enter('unhealthy', 'failed');
    await clock.advance(60_000);
    expect(held.map(({ preempted }) => preempted.aborted)).toEqual([false, false, false]);
    enter('new', 'd', true);
    await clock.settle();
    expect(held.map(({ preempted }) => preempted.aborted)).toEqual([true, false, false]);
    held[0]?.release();
    await clock.settle();
    expect(order.at(-1)).toBe('d');
  });

  it('gives everybody a fair time', async () => {
    const held = await Promise.all(['a', 'b', 'c'].map((name) => enter('new', name, true)));
    enter('new', 'd', true);
    await clock.advance(90);
    expect(held.some(({ preempted }) => preempted.aborted)).toBe(false);
    await clock.advance(20);
    expect(held.filter(({ preempted }) => preempted.aborted)).not.toEqual([]);
  });

  it('gives a place back once, and takes none for who left', async () => {
    const first = await enter('steady', 'a');
    first.release();
    first.release();
    const leaver = new AbortController();
    const rest = await Promise.all(['b', 'c', 'd', 'e'].map((name) => enter('steady', name)));
    const gone = semaphore.acquire('steady', leaver.signal);
    leaver.abort(new Error('left'));
    await expect(gone).rejects.toThrow('left');
    enter('steady', 'f');
    await clock.settle();
    expect(order.at(-1)).toBe('e');
    rest[0]?.release();
    await clock.settle();
    expect(order.at(-1)).toBe('f');
  });
});
