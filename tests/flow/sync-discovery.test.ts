import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Scope, scopeId } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { broken, FakeCloud, inTurn, listed, numbered, rowOf, rowsOf, unreachable } from '#tests/support/fake-cloud.ts';
import { intercept, SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock);
});
afterEach(() => bench.remove());

/** What stands for a cluster that was found and does not answer. */
const unidentified = (name: string): Scope => ({
  ...cloud.scope('*', broken(unreachable())),
  id: scopeId(cloud.id, name, null, 'discovery'),
  account: name,
  region: null,
  part: 'discovery',
  label: name,
});

describe('scopes are listed as they are found', () => {
  test('fault 44: a discovery that never ends delays nothing that it has found', async () => {
    const scopes = numbered(5).map((name) => cloud.scope(name));
    for (const scope of scopes) cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    cloud.discovering = async function* (call) {
      yield* scopes;
      await bench.clock.sleep(3_600_000, call.signal);
    };
    await bench.start([cloud]);
    await bench.clock.advance(5_000);
    for (const scope of scopes) expect(await bench.state(scope)).toBe('fresh');
  });

  test('those that come together are registered together', async () => {
    cloud.scopes = numbered(500).map((region) => cloud.scope(region));
    const registered: number[] = [];
    await bench.start([cloud], (store) =>
      intercept(store, {
        registerScopes: (source, scopes, options) => {
          registered.push(scopes.length);
          return store.registerScopes(source, scopes, options);
        },
      }),
    );
    await bench.clock.advance(5_000);
    expect(registered.at(-1)).toBe(500);
    expect(registered.length).toBeLessThan(10);
  });

  test('fault 29: what a running discovery has not found yet is not gone, and what a broken one has not found neither', async () => {
    const [a, b] = [cloud.scope('a'), cloud.scope('b')];
    for (const scope of [a, b]) cloud.answer(scope, listed(rowsOf(scope, ['x'])));
    await bench.start([cloud]);
    await bench.minutes(1);
    cloud.discovering = async function* () {
      yield a;
      throw unreachable();
    };
    await bench.minutes(60);
    expect(await bench.state(b)).toBe('fresh');
    cloud.discovering = async function* () {
      yield a;
    };
    await bench.minutes(60);
    expect(await bench.state(b)).toBe('gone');
    expect(await bench.names(b)).toEqual(['x']);
  });

  test('what is wrong with a part of a source does not stop the others', async () => {
    const scope = cloud.scope('eu-west-1');
    cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    cloud.discovering = async function* () {
      yield scope;
      throw new ProviderError('config', 'prod', 'kubeconfig b.yaml: YAML is not well-formed');
    };
    await bench.start([cloud]);
    await bench.minutes(90);
    expect(await bench.state(scope)).toBe('fresh');
    expect(cloud.countOf(scope)).toBeGreaterThan(10);
  });
});

describe('what was found and cannot be discovered further', () => {
  test('fault 44: says why, and is tried after pauses of its own', async () => {
    const dead = unidentified('far');
    cloud.answer(dead, broken(new ProviderError('network', 'cluster far', 'connection refused')));
    cloud.scopes = [dead];
    await bench.start([cloud]);
    await bench.minutes(1);
    expect(await bench.status(dead)).toMatchObject({
      state: 'unreachable',
      reason: { kind: 'network', message: 'cluster far: connection refused' },
    });
    await bench.minutes(24 * 60);
    const attempts = cloud.lists.filter(({ scope }) => scope === dead.id).map(({ at }) => at);
    // 5 s, doubled up to half an hour: a day has about 55 of them.
    expect(attempts.length).toBeGreaterThan(40);
    expect(attempts.length).toBeLessThan(65);
  });

  test('stays while a discovery breaks off before it has found anything', async () => {
    const dead = unidentified('far');
    cloud.answer(dead, broken(unreachable()));
    cloud.scopes = [dead];
    await bench.start([cloud]);
    await bench.minutes(1);
    cloud.discovering = async function* () {
      yield* [];
      throw unreachable();
    };
    await bench.minutes(60);
    expect(await bench.state(dead)).toBe('unreachable: network');
  });

  test('waits as long as it is asked to', async () => {
    const dead = unidentified('far');
    const rests = new ProviderError('timeout', 'cluster far', 'no answer', { retryAfterMs: 600_000 });
    cloud.answer(dead, broken(rests));
    cloud.scopes = [dead];
    await bench.start([cloud]);
    await bench.minutes(61);
    expect(cloud.countOf(dead)).toBeLessThan(8);
  });

  test.each([false, true])(
    'begins a discovery when it answers, and gives way to what is found then (others broken: %s)',
    async (others) => {
      const dead = unidentified('far');
      const found = cloud.scope('far');
      cloud.answer(found, listed(rowsOf(found, ['a'])));
      cloud.answer(dead, inTurn(broken(unreachable()), broken(unreachable()), listed()));
      let answers = false;
      cloud.discovering = async function* () {
        if (cloud.countOf(dead) >= 3) answers = true;
        yield answers ? found : dead;
        if (others) throw unreachable();
      };
      await bench.start([cloud]);
      await bench.minutes(2);
      expect(answers).toBe(true);
      expect(await bench.state(found)).toBe('fresh');
      expect(await bench.state(dead)).toMatch(/^gone/);
      const tries = cloud.countOf(dead);
      await bench.minutes(120);
      expect(cloud.countOf(dead)).toBe(tries);
    },
  );

  test('an account that keeps what is known of it loses nothing while the store cannot say what that is', async () => {
    const scope = cloud.scope('eu-west-1');
    cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    let seen = false;
    cloud.discovering = async function* ({ known = [] }) {
      if (!seen) yield scope;
      else yield* known;
      seen = true;
    };
    let broken = 0;
    await bench.start([cloud], (store) =>
      intercept(store, {
        scopes: () => (broken-- > 0 ? Promise.reject(new Error('disk I/O error')) : store.scopes()),
      }),
    );
    await bench.minutes(1);
    broken = 1;
    await bench.minutes(90);
    expect(broken).toBeLessThan(1);
    expect(await bench.state(scope)).toBe('fresh');
  });

  test('a discovery is told what is known from before', async () => {
    const scope = cloud.scope('eu-west-1');
    await bench.start([cloud]);
    await bench.minutes(1);
    await bench.stop();
    const known: (string[] | undefined)[] = [];
    cloud.discovering = async function* (call) {
      known.push(call.known?.map(({ id }) => id));
      yield scope;
    };
    await bench.start([cloud]);
    await bench.minutes(1);
    expect(known).toEqual([[scope.id]]);
  });
});

describe('what two sources find', () => {
  let other: FakeCloud;
  let mine: Scope;
  let theirs: Scope;
  beforeEach(() => {
    other = new FakeCloud(bench.clock, 'other');
    mine = cloud.scope('eu-west-1', listed([]), 'shared');
    theirs = other.scope('eu-west-1', listed([]), 'shared');
    // One thing has one uid, whoever lists it.
    for (const [source, scope] of [
      [cloud, mine],
      [other, theirs],
    ] as const)
      source.answer(scope, listed([rowOf(scope, 'a', { uid: 'shared:a' }), rowOf(scope, 'b', { uid: 'shared:b' })]));
  });

  test('fault 25, fault 104: is listed by one of them, and the other says by which and is no fresh one', async () => {
    await bench.start([cloud, other]);
    await bench.minutes(120);
    const [lists, waits] = cloud.lists.length > other.lists.length ? [mine, theirs] : [theirs, mine];
    // The other looks once an hour whether it sees more.
    expect(Math.min(cloud.lists.length, other.lists.length)).toBeLessThanOrEqual(2);
    expect(await bench.status(lists)).toMatchObject({ state: 'fresh', count: 2 });
    expect(await bench.status(waits)).toMatchObject({
      state: 'duplicate',
      count: 0,
      reason: { kind: 'other-source', message: expect.stringContaining(`listed by source ${lists.source}`) },
    });
  });

  test('fault 25: stays with the one that has its rows, over restarts, and goes over when that one is gone', async () => {
    await bench.start([other]);
    await bench.minutes(1);
    await bench.stop();
    for (let restart = 0; restart < 3; restart++) {
      await bench.start([cloud, other]);
      await bench.minutes(10);
      await bench.stop();
    }
    // A look with each start, which takes nothing.
    expect(cloud.lists.length).toBeLessThanOrEqual(3);
    expect(await bench.names(theirs)).toEqual(['a', 'b']);
    await bench.start([cloud, other]);
    await bench.minutes(10);
    other.discovering = async function* () {
      yield* [];
    };
    await bench.minutes(60);
    expect(await bench.state(theirs)).toBe('gone');
    expect(await bench.names(mine)).toEqual(['a', 'b']);
    expect(await bench.names(theirs)).toEqual([]);
  });

  test('is not one where both mean all they see: two clouds have a region of the same name', async () => {
    const [one, two] = [cloud, other].map((source) => source.scope('RegionOne', listed([]), '*'));
    if (!one || !two) throw new Error('no scope');
    cloud.answer(one, listed(rowsOf(one, ['a'])));
    other.answer(two, listed(rowsOf(two, ['b'])));
    await bench.start([cloud, other]);
    await bench.minutes(2);
    expect([await bench.names(one), await bench.names(two)]).toEqual([['a'], ['b']]);
  });

  test('is not held up by a source that is no longer configured', async () => {
    await bench.start([other]);
    await bench.minutes(1);
    await bench.stop();
    await bench.start([cloud]);
    await bench.minutes(2);
    expect(await bench.names(mine)).toEqual(['a', 'b']);
  });
});

test('a scope whose connection turns out to have no watches is listed on its schedule', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a'])));
  let watches = 0;
  cloud.watching = async function* () {
    watches++;
    yield* [];
    throw new ProviderError('unsupported', 'host', 'no events');
  };
  await bench.start([cloud]);
  await bench.minutes(60);
  expect(watches).toBe(1);
  expect(cloud.countOf(scope)).toBeGreaterThan(10);
  expect(await bench.status(scope)).toMatchObject({ state: 'fresh', watched: false });
});
