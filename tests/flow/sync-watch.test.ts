import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Scope, scopeStateAt } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { denied, FakeCloud, numbered, rowOf, rowsOf, throttled, unreachable } from '#tests/support/fake-cloud.ts';
import { Stream } from '#tests/support/stream.ts';
import { intercept, SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
let stream: Stream;
let scope: Scope;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock, 'cluster');
  stream = new Stream();
  cloud.watching = stream.watch;
  scope = cloud.scope('*');
});
afterEach(() => bench.remove());

const row = (name: string, fields = {}) => rowOf(scope, name, fields);

async function listedWith(...names: string[]): Promise<void> {
  stream.listing(rowsOf(scope, names));
  await bench.start([cloud]);
  await bench.clock.advance(1_000);
}

test('list, map, upsert, reconcile: the listing of a watch is committed like any other', async () => {
  await listedWith('a', 'b');
  expect(await bench.names(scope)).toEqual(['a', 'b']);
  expect(await bench.status(scope)).toMatchObject({ state: 'fresh', watched: true });
  stream.listing(rowsOf(scope, ['b', 'c']));
  await bench.clock.settle();
  expect(await bench.names(scope)).toEqual(['b', 'c']);
  expect(cloud.lists).toEqual([]);
});

test('what a watch says is committed within 500 ms, in one write, the last word on each origin', async () => {
  await listedWith('a', 'b');
  const before = await bench.read.revision();
  stream.upsert(row('a', { state: 'stopping' }));
  stream.upsert(row('c'));
  stream.upsert(row('a', { state: 'stopped' }));
  stream.gone(row('b'));
  await bench.clock.advance(200);
  expect(await bench.read.revision()).toBe(before);
  await bench.clock.advance(300);
  expect(await bench.names(scope)).toEqual(['a', 'c']);
  const changes = await bench.read.changes({ limit: 10, since: before });
  expect(changes.map(({ type, name, to }) => `${type} ${name} ${to ?? ''}`.trim()).sort()).toEqual([
    'appeared c',
    'changed a stopped',
    'disappeared b',
  ]);
});

test('a put while another is being written is not forgotten', async () => {
  stream.listing([]);
  let hold: Promise<void> = Promise.resolve();
  await bench.start([cloud], (store) =>
    intercept(store, { apply: async (...args) => hold.then(() => store.apply(...args)) }),
  );
  await bench.clock.advance(1_000);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  stream.upsert(row('a'));
  await bench.clock.advance(300);
  stream.upsert(row('b'));
  await bench.clock.advance(300);
  resolve();
  await bench.clock.advance(300);
  expect(await bench.names(scope)).toEqual(['a', 'b']);
});

test('many puts at once are written before the clock asks for it', async () => {
  await listedWith('a');
  for (const name of numbered(2_000)) stream.upsert(row(name));
  for (let turn = 0; turn < 40; turn++) await bench.clock.settle();
  expect((await bench.status(scope)).count).toBe(2_001);
});

test('a sign of life confirms the scope, with one write in ten seconds at most', async () => {
  let writes = 0;
  stream.listing(rowsOf(scope, ['a']));
  await bench.start([cloud], (store) =>
    intercept(store, {
      apply: (...args) => {
        writes++;
        return store.apply(...args);
      },
    }),
  );
  await bench.clock.advance(1_000);
  writes = 0;
  for (let second = 0; second < 600; second++) {
    stream.heartbeat();
    await bench.clock.advance(1_000);
  }
  expect(writes).toBeGreaterThanOrEqual(50);
  expect(writes).toBeLessThanOrEqual(60);
  expect(await bench.age(scope)).toBeLessThanOrEqual(12);
});

test('a quiet watch is not stale between two signs of life, however short the interval', async () => {
  const quick = new FakeCloud(bench.clock, 'quick', { interval: 10_000 });
  quick.watching = stream.watch;
  const quiet = quick.scope('*');
  stream.listing([]);
  await bench.start([quick]);
  await bench.minutes(2.4);
  expect(scopeStateAt(await bench.status(quiet), bench.clock.now())).toBe('fresh');
  await bench.minutes(3);
  expect(scopeStateAt(await bench.status(quiet), bench.clock.now())).toBe('stale');
});

test('a watch whose failure is none of the connection says why, and is begun again after a pause that grows from 1 to 30 seconds', async () => {
  await listedWith('a');
  const begun: number[] = [];
  const mistake = () => new TypeError('canary');
  stream.fail(mistake());
  await bench.clock.settle();
  expect(await bench.state(scope)).toBe('unreachable: internal');
  expect(await bench.names(scope)).toEqual(['a']);
  for (let i = 0; i < 9; i++) {
    const sessions = stream.sessions;
    stream.fail(mistake());
    const from = bench.clock.monotonic();
    while (stream.sessions === sessions) await bench.clock.advance(100);
    begun.push(bench.clock.monotonic() - from);
  }
  expect(begun[0]).toBeLessThanOrEqual(1_300);
  expect(begun[0]).toBeGreaterThanOrEqual(800);
  expect(Math.max(...begun)).toBeLessThanOrEqual(33_200);
  expect(begun.slice(-2).every((pause) => pause >= 26_900)).toBe(true);
  stream.listing(rowsOf(scope, ['a']));
  await bench.minutes(1);
  expect(await bench.state(scope)).toBe('fresh');
});

test('a listing that breaks off inside of a watch removes nothing and is begun again', async () => {
  await listedWith('a', 'b');
  stream.brokenListing(unreachable(), rowsOf(scope, ['b', 'c']));
  await bench.clock.settle();
  expect(await bench.names(scope)).toEqual(['a', 'b', 'c']);
  expect(await bench.state(scope)).toBe('reconnecting: network');
  stream.listing(rowsOf(scope, ['c']));
  await bench.clock.advance(2_000);
  expect(await bench.names(scope)).toEqual(['c']);
  expect(await bench.state(scope)).toBe('fresh');
});

test('events do not heal what a listing has missed: after a broken one, puts apply and the scope stays incomplete', async () => {
  await listedWith('a');
  stream.brokenListing(denied());
  await bench.clock.settle();
  expect(await bench.state(scope)).toBe('denied: permission');
  stream.upsert(row('b'));
  stream.heartbeat();
  await bench.clock.advance(20_000);
  expect(await bench.names(scope)).toEqual(['a', 'b']);
  expect(await bench.state(scope)).toBe('denied: permission');
});

test('fault 99: a put of another scope is not written, shows, and is mended by the next listing', async () => {
  await listedWith('a');
  stream.upsert(row('b', { scope: 'cluster/other/*/instances' }));
  stream.upsert(row('c'));
  await bench.clock.advance(500);
  expect(await bench.names(scope)).toEqual(['a', 'c']);
  expect(await bench.state(scope)).toBe('partial: unreadable');
  const sessions = stream.sessions;
  stream.heartbeat();
  await bench.minutes(3);
  expect(await bench.state(scope)).toBe('partial: unreadable');
  await bench.minutes(3);
  expect(stream.sessions).toBe(sessions + 1);
  stream.listing(rowsOf(scope, ['a', 'c']));
  await bench.minutes(1);
  expect(await bench.state(scope)).toBe('fresh');
});

test.each([
  ['ends by itself', async function* () {}],
  [
    'throws before it returns',
    () => {
      throw new TypeError('canary');
    },
  ],
  [
    'speaks before it has listed',
    async function* () {
      yield { type: 'heartbeat' as const };
    },
  ],
  [
    'says something unknown',
    async function* () {
      yield { type: 'canary' } as never;
    },
  ],
  [
    'says null',
    async function* () {
      yield null as never;
    },
  ],
])('fault 99: a watch that %s fails its own scope and is begun again', async (_what, watch) => {
  let begun = 0;
  const other = new FakeCloud(bench.clock, 'other');
  const well = other.scope('eu-west-1');
  cloud.watching = () => {
    begun++;
    return watch();
  };
  await bench.start([cloud, other]);
  await bench.minutes(5);
  expect(begun).toBeGreaterThan(5);
  expect(begun).toBeLessThan(20);
  expect(await bench.state(scope)).toBe('unreachable: internal');
  expect(JSON.stringify(await bench.read.scopes())).not.toContain('canary');
  expect(await bench.state(well)).toBe('fresh');
});

test('fault 99: a listing inside of a watch that never ends is given up at the deadline', async () => {
  stream.events({
    type: 'listing',
    batches: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
  });
  await bench.start([cloud]);
  await bench.minutes(4.5);
  expect(await bench.state(scope)).toBe('unreachable: deadline');
  stream.listing(rowsOf(scope, ['a']));
  await bench.minutes(1);
  expect(await bench.state(scope)).toBe('fresh');
});

test('a watch that is throttled waits as long as it was asked to', async () => {
  await listedWith('a');
  stream.fail(throttled(10 * 60_000));
  await bench.minutes(9.9);
  expect(stream.sessions).toBe(1);
  expect(await bench.state(scope)).toBe('throttled: rate-limit');
  expect(bench.sync.refresh(scope.id)).toEqual({ accepted: 0, coalesced: 1 });
  await bench.minutes(0.2);
  expect(stream.sessions).toBe(2);
});

test('a refused credential is not tried every half minute, but at once when a person asks', async () => {
  await listedWith('a');
  const auth = () => new ProviderError('auth', 'cluster', 'token expired');
  for (let i = 0; i < 100; i++) stream.fail(auth());
  await bench.minutes(180);
  expect(stream.sessions).toBeLessThanOrEqual(13);
  expect(await bench.state(scope)).toBe('denied: auth');
  const sessions = stream.sessions;
  expect(bench.sync.refresh('*')).toEqual({ accepted: 1, coalesced: 0 });
  await bench.clock.settle();
  expect(stream.sessions).toBe(sessions + 1);
});

test('puts that the store could not take are kept for it, in order', async () => {
  stream.listing(rowsOf(scope, ['a']));
  let full = false;
  await bench.start([cloud], (store) =>
    intercept(store, { apply: (...args) => (full ? Promise.reject(new Error('disk full')) : store.apply(...args)) }),
  );
  await bench.clock.advance(1_000);
  full = true;
  stream.upsert(row('b'));
  await bench.clock.advance(600);
  expect(bench.events('store.failed').length).toBeGreaterThan(0);
  full = false;
  // The stream resumes where it was: no new listing, only what comes next.
  stream.upsert(row('c'));
  await bench.clock.advance(5_000);
  expect(await bench.names(scope)).toEqual(['a', 'b', 'c']);
});

test('a stop ends the stream', async () => {
  await listedWith('a');
  stream.upsert(row('b'));
  await bench.clock.settle();
  await bench.stop();
  await bench.clock.settle();
  expect(stream.open).toBe(0);
  expect(cloud.closed).toBe(1);
  expect(bench.clock.sleeping()).toEqual([]);
});
