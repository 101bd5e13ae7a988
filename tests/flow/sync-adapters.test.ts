import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Batch } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { FakeCloud, hanging, inTurn, listed, rowsOf } from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock);
});
afterEach(() => bench.remove());

/** What no adapter should do; each must fail its own scope and nothing else. */
const rubbish: [string, (batches: Batch[]) => unknown][] = [
  [
    'throws before it returns',
    () => {
      throw new TypeError('canary at once');
    },
  ],
  ['returns nothing', () => undefined],
  ['returns something that is not iterable', () => 42],
  [
    'throws no error',
    async function* () {
      yield* [];
      throw 'canary string';
    },
  ],
  [
    'throws null',
    async function* () {
      yield* [];
      throw null;
    },
  ],
  [
    'throws an error of an SDK',
    async function* () {
      yield* [];
      throw Object.assign(new Error('canary: Bearer abc'), { name: 'Bearer canary' });
    },
  ],
  [
    'yields null',
    async function* () {
      yield null;
    },
  ],
  [
    'yields a list',
    async function* () {
      yield [1, 2];
    },
  ],
  [
    'yields a batch without its lists',
    async function* () {
      yield { resources: 'all' };
    },
  ],
  [
    'yields rows that are null',
    async function* () {
      yield { resources: [null], unreadable: [] };
    },
  ],
  [
    'yields rows of words',
    async function* () {
      yield { resources: ['canary'], unreadable: [] };
    },
  ],
  [
    'yields a row that the store cannot take',
    async function* (batches: Batch[]) {
      yield { resources: [{ ...batches[0]?.resources[0], vcpus: { canary: 1n } }], unreadable: [] };
    },
  ],
  [
    'has an iterator that throws at once',
    () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          throw new Error('canary');
        },
      }),
    }),
  ],
  ['has an iterator that answers a number', () => ({ [Symbol.asyncIterator]: () => ({ next: () => 42 }) })],
];

describe('fault 99: an adapter that misbehaves fails its own scope', () => {
  test.each(rubbish)('an adapter that %s', async (_what, answer) => {
    const [good, bad] = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
    cloud.answer(good, listed(rowsOf(good, ['a'])));
    cloud.answer(
      bad,
      inTurn(
        listed(rowsOf(bad, ['b'])),
        () => answer([{ resources: rowsOf(bad, ['b']), unreadable: [] }]) as AsyncIterable<Batch>,
      ),
    );
    await bench.start([cloud]);
    await bench.minutes(12);
    expect(await bench.state(good)).toBe('fresh');
    expect(cloud.countOf(good)).toBeGreaterThanOrEqual(3);
    expect(await bench.names(bad)).toEqual(['b']);
    expect(await bench.state(bad)).toMatch(/^(partial|unreachable): (internal|unreadable)$/);
    expect(cloud.countOf(bad)).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify([await bench.status(bad)])).not.toContain('canary');
  });

  test('fault 99: an adapter that never answers and is deaf to its signal is left behind at the deadline', async () => {
    const [good, bad] = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
    cloud.answer(bad, inTurn(hanging({ deaf: true }, rowsOf(bad, ['b'])), listed(rowsOf(bad, ['b', 'c']))));
    await bench.start([cloud]);
    await bench.minutes(4.5);
    expect(await bench.state(bad)).toBe('partial: deadline');
    expect(await bench.names(bad)).toEqual(['b']);
    await bench.minutes(3);
    expect(await bench.names(bad)).toEqual(['b', 'c']);
    expect(await bench.state(good)).toBe('fresh');
  });

  test('fault 99: an adapter that ends as if complete when it is aborted removes nothing', async () => {
    const scope = cloud.scope('eu-west-1');
    cloud.answer(
      scope,
      inTurn(listed(rowsOf(scope, ['a', 'b'])), async function* (call) {
        yield { resources: rowsOf(scope, ['a']), unreadable: [] };
        await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
      }),
    );
    await bench.start([cloud]);
    await bench.minutes(10);
    expect(await bench.names(scope)).toEqual(['a', 'b']);
    expect(await bench.state(scope)).toBe('partial: deadline');
  });

  test('fault 99: a source that cannot be opened says so, is tried again, and the others go on', async () => {
    const dead = new FakeCloud(bench.clock, 'dead');
    const scope = dead.scope('eu-west-1');
    dead.answer(scope, listed(rowsOf(scope, ['a'])));
    let attempts = 0;
    dead.opening = async (_env, open) => {
      if (++attempts < 4)
        throw attempts === 1 ? new TypeError('canary') : new ProviderError('auth', 'dead', 'no credential');
      return open();
    };
    const live = cloud.scope('eu-west-1');
    await bench.start([dead, cloud]);
    await bench.clock.advance(20_000);
    expect(await bench.state(live)).toBe('fresh');
    const [failing] = (await bench.read.scopes()).filter(({ source }) => source === 'dead');
    expect(failing).toMatchObject({ label: 'dead', part: 'discovery', state: 'denied', reason: { kind: 'auth' } });
    await bench.minutes(2);
    expect(await bench.names(scope)).toEqual(['a']);
    expect(
      (await bench.read.scopes())
        .filter(({ source }) => source === 'dead')
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['fresh', 'gone']);
    expect(JSON.stringify(await bench.read.scopes())).not.toContain('canary');
  });

  test('fault 99: a source that hangs while it opens is given up after a minute, and closed should it open later', async () => {
    const late = new FakeCloud(bench.clock, 'late');
    const { promise, resolve } = Promise.withResolvers<void>();
    late.opening = (_env, open) => promise.then(open);
    const scope = cloud.scope('eu-west-1');
    await bench.start([late, cloud]);
    await bench.clock.advance(30_000);
    expect(await bench.state(scope)).toBe('fresh');
    await bench.clock.advance(31_000);
    expect(bench.events('source.open-failed')[0]?.fields).toMatchObject({ source: 'late', kind: 'deadline' });
    resolve();
    await bench.clock.settle();
    expect(late.closed).toBe(1);
  });
});
