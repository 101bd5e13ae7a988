import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { type Answer, broken, denied, FakeCloud, inTurn, listed, rowOf } from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
beforeEach(() => {
  bench = new SyncBench();
});
afterEach(() => bench.remove());

/** What a way in sees of one place: one thing has one uid, whoever lists it. */
const seeing = (scope: Scope, names: readonly string[]): Answer =>
  listed(names.map((name) => rowOf(scope, name, { uid: `shared:${name}` })));

/** Two sources that lead to the same account and region; both have their say about who begins. */
function twoWays(order: 'first' | 'second', account = 'shared') {
  const one = new FakeCloud(bench.clock, 'one');
  const two = new FakeCloud(bench.clock, 'two');
  const ways = [one, two].map((cloud) => ({ cloud, scope: cloud.scope('eu-west-1', listed([]), account) }));
  const [a, b] = ways;
  if (!a || !b) throw new Error('two ways');
  const late = order === 'first' ? two : one;
  late.opening = async (_, open) => {
    await bench.clock.sleep(20_000, new AbortController().signal);
    return open();
  };
  return { a, b, clouds: [one, two] };
}

async function allNames(): Promise<string[]> {
  return [...(await bench.allNames()).values()].flat().sort();
}

describe.each(['first', 'second'] as const)(
  'two ways into one place, the %s of which opens before the other',
  (order) => {
    test('fault 104: nothing that either sees is missing and nothing is there twice, where they see different things', async () => {
      const { a, b, clouds } = twoWays(order);
      a.cloud.answer(a.scope, seeing(a.scope, ['both', 'only-a']));
      b.cloud.answer(b.scope, seeing(b.scope, ['both', 'only-b']));
      await bench.start(clouds);
      await bench.minutes(20);
      expect(await allNames()).toEqual(['both', 'only-a', 'only-b']);
      expect([await bench.state(a.scope), await bench.state(b.scope)]).toEqual(['fresh', 'fresh']);
      await bench.stop();
      await bench.start(clouds);
      await bench.minutes(20);
      expect(await allNames()).toEqual(['both', 'only-a', 'only-b']);
    });

    test('fault 104: the one that is allowed lists, where the other is denied', async () => {
      const { a, b, clouds } = twoWays(order);
      a.cloud.answer(a.scope, broken(denied()));
      b.cloud.answer(b.scope, seeing(b.scope, ['x', 'y']));
      await bench.start(clouds);
      await bench.minutes(3);
      expect(await bench.names(b.scope)).toEqual(['x', 'y']);
      await bench.minutes(60);
      expect([await bench.state(a.scope), await bench.state(b.scope)]).toEqual(['denied: permission', 'fresh']);
    });

    test('fault 104: the other takes the rows over, once they are stale and no sooner, and the first gets none of them back', async () => {
      const { a, b, clouds } = twoWays(order);
      const [holder, heir] = order === 'first' ? [a, b] : [b, a];
      for (const { cloud, scope } of [a, b]) cloud.answer(scope, seeing(scope, ['x', 'y']));
      await bench.start(clouds);
      await bench.minutes(6);
      expect(await bench.names(holder.scope)).toEqual(['x', 'y']);
      expect(await bench.status(heir.scope)).toMatchObject({ state: 'duplicate', count: 0 });
      holder.cloud.answer(holder.scope, broken(denied()));
      await bench.minutes(7);
      expect([await bench.state(holder.scope), await bench.names(holder.scope)]).toEqual([
        'denied: permission',
        ['x', 'y'],
      ]);
      await bench.minutes(10);
      expect(await bench.status(heir.scope)).toMatchObject({ state: 'fresh', count: 2 });
      expect(await bench.status(holder.scope)).toMatchObject({ state: 'denied', count: 0 });
      await bench.minutes(60);
      holder.cloud.answer(holder.scope, seeing(holder.scope, ['x', 'y']));
      await bench.minutes(60);
      expect(await bench.status(holder.scope)).toMatchObject({ state: 'duplicate', count: 0 });
      await bench.stop();
      await bench.start(clouds);
      await bench.minutes(20);
      expect(await bench.status(heir.scope)).toMatchObject({ state: 'fresh', count: 2 });
      expect(await bench.status(holder.scope)).toMatchObject({ state: 'duplicate', count: 0 });
      expect((await bench.read.changes({ limit: 10 })).map(({ type }) => type)).toEqual([]);
    });

    test('fault 104: what came while the other was not looking is no other view', async () => {
      const { a, b, clouds } = twoWays(order);
      for (const { cloud, scope } of [a, b])
        cloud.answer(
          scope,
          inTurn(seeing(scope, ['x']), ...Array.from({ length: 40 }, (_, i) => seeing(scope, ['x', `new-${i}`]))),
        );
      await bench.start(clouds);
      await bench.minutes(120);
      const counts = [a.cloud.countOf(a.scope), b.cloud.countOf(b.scope)];
      expect(Math.min(...counts)).toBeLessThan(8);
      expect(Math.max(...counts)).toBeGreaterThan(20);
    });

    test('fault 104: one that ends to see more is a duplicate again', async () => {
      const { a, b, clouds } = twoWays(order);
      const more = order === 'first' ? b : a;
      for (const { cloud, scope } of [a, b]) cloud.answer(scope, seeing(scope, ['x']));
      more.cloud.answer(more.scope, seeing(more.scope, ['x', 'mine']));
      await bench.start(clouds);
      await bench.minutes(20);
      expect(await bench.names(more.scope)).toEqual(['mine']);
      more.cloud.answer(more.scope, seeing(more.scope, ['x']));
      await bench.minutes(20);
      expect(await bench.status(more.scope)).toMatchObject({ state: 'duplicate', count: 0 });
      expect(await allNames()).toEqual(['x']);
    });
  },
);

test('fault 104: a scope all of whose rows another one has is no fresh one, although nothing tells before that they are the same', async () => {
  const one = new FakeCloud(bench.clock, 'one');
  const two = new FakeCloud(bench.clock, 'two');
  const [a, b] = [one.scope('eu-west-1'), two.scope('eu-west-1')];
  one.answer(a, seeing(a, ['x', 'y']));
  two.answer(b, seeing(b, ['x', 'y']));
  await bench.start([one]);
  await bench.minutes(1);
  await bench.stop();
  await bench.start([one, two]);
  await bench.minutes(20);
  expect(await bench.status(a)).toMatchObject({ state: 'fresh', count: 2 });
  expect(await bench.status(b)).toMatchObject({
    state: 'duplicate',
    count: 0,
    reason: { kind: 'other-source', message: 'account-two eu-west-1: listed by source one' },
  });
  one.answer(a, broken(denied()));
  await bench.minutes(20);
  expect(await bench.status(a)).toMatchObject({ state: 'denied', count: 0 });
  expect(await bench.status(b)).toMatchObject({ state: 'fresh', count: 2 });
});
