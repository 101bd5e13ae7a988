import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StaleGeneration } from '#lib/store/index.ts';
import { ProviderError } from '#providers/contract.ts';
import {
  broken,
  denied,
  FakeCloud,
  hanging,
  inTurn,
  listed,
  numbered,
  rowOf,
  rowsOf,
  slow,
  throttled,
  unreachable,
} from '#tests/support/fake-cloud.ts';
import { intercept, SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock);
});
afterEach(() => bench.remove());

test('list, map, upsert, reconcile: a scope shows what its last complete listing held', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, inTurn(listed(rowsOf(scope, ['a', 'b'])), listed(rowsOf(scope, ['a']), rowsOf(scope, ['c']))));
  await bench.start([cloud]);
  await bench.minutes(1);
  expect(await bench.names(scope)).toEqual(['a', 'b']);
  await bench.minutes(6);
  expect(await bench.names(scope)).toEqual(['a', 'c']);
  expect(await bench.state(scope)).toBe('fresh');
  const [, line] = bench.events('scope.listed');
  expect(line?.fields).toMatchObject({
    complete: true,
    list: { rows: 2, duplicates: 0 },
    map: { unreadable: 0 },
    upsert: { appeared: 1, unchanged: 1 },
    reconcile: { disappeared: 1, held: 0 },
  });
});

test('list: rows that were seen before a listing broke off are kept, none is removed', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, inTurn(listed(rowsOf(scope, ['a', 'b'])), broken(unreachable(), rowsOf(scope, ['c']))));
  await bench.start([cloud]);
  await bench.minutes(7);
  expect(await bench.names(scope)).toEqual(['a', 'b', 'c']);
  expect(await bench.state(scope)).toBe('partial: network');
});

test('map: a row of another scope, source or provider is counted as unreadable and its listing is incomplete', async () => {
  const scope = cloud.scope('eu-west-1');
  const other = cloud.scope('eu-west-2', listed([]));
  cloud.answer(
    scope,
    inTurn(
      listed(rowsOf(scope, ['a', 'b'])),
      listed([
        rowOf(scope, 'a'),
        rowOf(other, 'stranger'),
        rowOf(scope, 'x', { source: 'staging' }),
        rowOf(scope, 'y', { provider: 'aws' }),
        rowOf(scope, 'z', { uid: '' }),
      ]),
    ),
  );
  await bench.start([cloud]);
  await bench.minutes(7);
  expect(await bench.names(scope)).toEqual(['a', 'b']);
  expect(await bench.names(other)).toEqual([]);
  expect(await bench.status(scope)).toMatchObject({ state: 'partial', unreadable: 4, reason: { kind: 'unreadable' } });
  expect(bench.events('scope.failed')[0]?.fields).toMatchObject({ stage: 'map' });
});

test('fault 28: reconcile: a complete listing without one row removes that row', async () => {
  const scope = cloud.scope('eu-west-1');
  const all = numbered(20);
  cloud.answer(scope, inTurn(listed(rowsOf(scope, all)), listed(rowsOf(scope, all.slice(1)))));
  await bench.start([cloud]);
  await bench.minutes(7);
  expect(await bench.names(scope)).toEqual(all.slice(1).sort());
  expect((await bench.read.changes({ limit: 10 })).map(({ type, name }) => `${type} ${name}`)).toEqual([
    'disappeared m0',
  ]);
});

test('fault 27: a listing of 0 rows where 5,000 were removes nothing until a second one agrees', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, inTurn(listed(rowsOf(scope, numbered(5000))), listed([])));
  await bench.start([cloud]);
  await bench.minutes(1);
  await settled(1);
  await bench.minutes(5);
  await settled(2);
  expect(await bench.status(scope)).toMatchObject({
    count: 5000,
    held: 5000,
    state: 'partial',
    reason: { kind: 'held' },
  });
  await bench.minutes(6);
  await settled(3);
  expect(await bench.status(scope)).toMatchObject({ count: 0, held: 0, state: 'fresh' });

  /** Large commits yield to the event loop; waits until that many are in. */
  async function settled(commits: number) {
    while (bench.events('scope.listed').length < commits) await bench.clock.settle();
  }
});

test('fault 4: a denied region keeps its rows and says since when; the others commit', async () => {
  const [good, bad] = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
  cloud.answer(good, listed(rowsOf(good, ['a'])));
  cloud.answer(bad, inTurn(listed(rowsOf(bad, ['b'])), broken(denied())));
  await bench.start([cloud]);
  await bench.minutes(1);
  const before = await bench.status(bad);
  await bench.minutes(6);
  const after = await bench.status(bad);
  expect(after).toMatchObject({ state: 'denied', count: 1, lastSuccess: before.lastSuccess });
  expect(after.reason?.message).toContain('111111111111: not allowed to list');
  expect(await bench.names(bad)).toEqual(['b']);
  expect(cloud.countOf(bad)).toBe(2);
  expect(await bench.state(good)).toBe('fresh');
});

test('fault 3: a region that answers 503 delays no other region and says why it is stale', async () => {
  const regions = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'].map((region) => cloud.scope(region));
  const [bad] = regions;
  if (!bad) throw new Error();
  cloud.answer(bad, broken(new ProviderError('bad-reply', bad.label, 'answered 503')));
  await bench.start([cloud]);
  await bench.minutes(120);
  for (const scope of regions.slice(1)) {
    expect(await bench.age(scope)).toBeLessThanOrEqual(330);
    // 24 periods of 5 minutes, each up to a tenth longer.
    expect(cloud.countOf(scope)).toBeGreaterThanOrEqual(22);
  }
  expect(await bench.status(bad)).toMatchObject({
    state: 'unreachable',
    reason: { message: expect.stringContaining('503') },
  });
});

test('fault 1: a throttled scope waits at least as long as it was asked to, keeps its rows, and the others go on', async () => {
  const [slowed, other] = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
  const hint = 40 * 60_000;
  cloud.answer(slowed, inTurn(broken(throttled(hint), rowsOf(slowed, ['a'])), listed(rowsOf(slowed, ['a', 'b']))));
  await bench.start([cloud]);
  await bench.minutes(2);
  expect(await bench.state(slowed)).toBe('throttled: rate-limit');
  expect(await bench.names(slowed)).toEqual(['a']);
  const [first] = cloud.lists.filter(({ scope }) => scope === slowed.id);
  await bench.minutes(37);
  expect(cloud.countOf(slowed)).toBe(1);
  expect(cloud.countOf(other)).toBeGreaterThan(6);
  // Nobody can ask for less, not even a person.
  expect(bench.sync.refresh(slowed.id)).toEqual({ accepted: 0, coalesced: 1 });
  await bench.minutes(8);
  const [, second] = cloud.lists.filter(({ scope }) => scope === slowed.id);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(hint);
  expect(await bench.state(slowed)).toBe('fresh');
});

test('fault 1: without a hint the waits of a throttled scope grow up to 30 minutes', async () => {
  const scope = cloud.scope('eu-west-1', broken(throttled()));
  await bench.start([cloud]);
  await bench.minutes(24 * 60);
  const gaps = cloud.lists.map(({ at }, i, all) => at - (all[i - 1]?.at ?? at)).slice(1);
  expect(gaps.length).toBeGreaterThan(30);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(66 * 60_000);
  expect(Math.min(...gaps.slice(4))).toBeGreaterThan(26 * 60_000);
  expect(await bench.state(scope)).toBe('throttled: rate-limit');
});

test('a scope that takes longer than its deadline is cut off there and keeps what it has delivered', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, hanging({}, rowsOf(scope, ['a'])));
  await bench.start([cloud]);
  await bench.minutes(4.2);
  expect(await bench.status(scope)).toMatchObject({ state: 'partial', reason: { kind: 'deadline' } });
  expect(await bench.names(scope)).toEqual(['a']);
  expect(cloud.lists[0]?.signal.aborted).toBe(true);
});

test('fault 33: a scope slower than its interval does not pile up; the ticks it misses are counted', async () => {
  const scope = cloud.scope('eu-west-1');
  const fast = cloud.scope('eu-west-2', listed([]), '222222222222');
  const busy = new FakeCloud(bench.clock, 'busy', { provider: 'other', concurrency: { provider: 1, account: 1 } });
  const late = [busy.scope('a'), busy.scope('b'), busy.scope('c')];
  for (const one of late) busy.answer(one, slow(bench.clock, 200_000, listed(rowsOf(one, ['x']))));
  await bench.start([cloud, busy]);
  await bench.minutes(60);
  // Three scopes of 200 s each through a gate of one: each comes round every 10 minutes, not every 5.
  expect(busy.inFlight.get('*')?.most).toBe(1);
  for (const one of late) expect(busy.countOf(one)).toBeLessThanOrEqual(7);
  expect(bench.sync.skipped).toBeGreaterThanOrEqual(9);
  expect(cloud.countOf(scope)).toBeGreaterThanOrEqual(10);
  expect(cloud.countOf(fast)).toBeGreaterThanOrEqual(10);
});

describe('fault 32: overlapping runs of one scope', () => {
  test('fault 32: a refresh during a run and many refreshes at once become one run', async () => {
    const scope = cloud.scope('eu-west-1');
    cloud.answer(scope, slow(bench.clock, 20_000, listed(rowsOf(scope, ['a']))));
    await bench.start([cloud]);
    await bench.clock.advance(10_000);
    expect(cloud.countOf(scope)).toBe(1);
    expect(bench.sync.refresh(scope.id)).toEqual({ accepted: 0, coalesced: 1 });
    await bench.clock.advance(60_000);
    expect(cloud.countOf(scope)).toBe(1);
    expect(bench.sync.refresh('*')).toEqual({ accepted: 1, coalesced: 0 });
    expect(bench.sync.refresh(scope.id)).toEqual({ accepted: 0, coalesced: 1 });
    await bench.clock.advance(1_000);
    expect(cloud.countOf(scope)).toBe(2);
    expect(cloud.inFlight.get('*')?.most).toBe(1);
    expect(bench.sync.refresh('unknown/scope')).toEqual({ accepted: 0, coalesced: 0 });
  });

  test('fault 32: a commit that a later generation has overtaken leaves no trace', async () => {
    const scope = cloud.scope('eu-west-1');
    cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    await bench.start([cloud], (store) =>
      intercept(store, { commit: () => Promise.reject(new StaleGeneration('a later run has won')) }),
    );
    await bench.minutes(1);
    expect(await bench.state(scope)).toBe('pending');
    expect(bench.events('scope.superseded')).toHaveLength(1);
    expect(bench.events('store.failed')).toEqual([]);
  });
});
