import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '#providers/contract.ts';
import {
  type Answer,
  broken,
  FakeCloud,
  hanging,
  inTurn,
  listed,
  rowsOf,
  slow,
  throttled,
  unreachable,
} from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
beforeEach(() => {
  bench = new SyncBench();
});
afterEach(() => bench.remove());

const gapsOf = (cloud: FakeCloud): number[] => cloud.lists.map(({ at }, i, all) => at - (all[i - 1]?.at ?? 0)).slice(1);

describe('fault 34: many scopes due at once', () => {
  const many = (cloud: FakeCloud) => {
    for (let account = 0; account < 25; account++) {
      for (let region = 0; region < 20; region++) {
        const scope = cloud.scope(`r${region}`, listed([]), `account-${account}`);
        cloud.answer(scope, slow(bench.clock, 400, listed(rowsOf(scope, ['a']))));
      }
    }
  };

  test('fault 34: 500 scopes due after a restart are spread, and the caps of the provider hold', async () => {
    const cloud = new FakeCloud(bench.clock, 'prod', { concurrency: { provider: 12, account: 2 } });
    many(cloud);
    await bench.start([cloud]);
    await bench.minutes(2);
    expect(new Set(cloud.lists.map(({ scope }) => scope)).size).toBe(500);
    await bench.stop();
    await bench.minutes(60);

    cloud.lists.length = 0;
    cloud.inFlight.clear();
    const restart = bench.clock.monotonic();
    await bench.start([cloud]);
    await bench.clock.advance(60_000);
    expect(new Set(cloud.lists.map(({ scope }) => scope)).size).toBe(500);
    const perSecond = new Map<number, number>();
    for (const { at } of cloud.lists) {
      const second = Math.floor((at - restart) / 1000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    // 500 over 30 seconds: no second takes more than twice its share.
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(34);
    expect(cloud.inFlight.get('*')?.most).toBeLessThanOrEqual(12);
    for (const [key, { most }] of cloud.inFlight) if (key !== '*') expect(most).toBeLessThanOrEqual(2);
  });

  test('an account that waits for its own cap takes no place from another account', async () => {
    const cloud = new FakeCloud(bench.clock, 'prod', { concurrency: { provider: 3, account: 2 } });
    for (let i = 0; i < 20; i++) {
      const scope = cloud.scope(`r${i}`, listed([]), 'crowded');
      cloud.answer(scope, slow(bench.clock, 60_000, listed(rowsOf(scope, ['a']))));
    }
    const alone = cloud.scope('r0', listed([]), 'alone');
    await bench.start([cloud]);
    await bench.clock.advance(5_000);
    expect(cloud.inFlight.get('crowded')?.most).toBe(2);
    expect(await bench.state(alone)).toBe('fresh');
  });
});

test('accounts that hang take half of the places of their provider at most, once they are known for it', async () => {
  const cloud = new FakeCloud(bench.clock, 'prod', { concurrency: { provider: 4, account: 4 } });
  for (let i = 0; i < 12; i++) cloud.scope('dead', hanging({ deaf: true }), `account-${i}`);
  const healthy = cloud.scope('eu-west-1', listed([]), 'healthy');
  await bench.start([cloud]);
  await bench.minutes(20);
  const before = cloud.countOf(healthy);
  await bench.minutes(60);
  expect(cloud.countOf(healthy) - before).toBeGreaterThanOrEqual(10);
  expect(await bench.age(healthy)).toBeLessThanOrEqual(330);
});

test('periods differ by a tenth, so that what began together does not stay together', async () => {
  const cloud = new FakeCloud(bench.clock);
  cloud.scope('eu-west-1');
  await bench.start([cloud]);
  await bench.minutes(24 * 60);
  const gaps = gapsOf(cloud);
  expect(gaps.length).toBeGreaterThan(270);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(270_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(330_000);
  expect(new Set(gaps.map((gap) => Math.round(gap / 1000))).size).toBeGreaterThan(20);
});

describe('fault 93: the system time jumps', () => {
  test.each([
    ['a day ahead', 86_400_000],
    ['a day back', -86_400_000],
    ['beyond 2038', Date.parse('2038-01-19T03:14:08Z') - Date.parse('2026-11-21T09:00:00Z')],
  ])('fault 93: %s: listings go on by the monotonic clock', async (_what, jump) => {
    const cloud = new FakeCloud(bench.clock);
    const scope = cloud.scope('eu-west-1');
    cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    await bench.start([cloud]);
    await bench.minutes(30);
    const before = cloud.countOf(scope);
    bench.clock.jumpWall(jump);
    await bench.minutes(30);
    expect(cloud.countOf(scope) - before).toBeGreaterThanOrEqual(5);
    expect(cloud.countOf(scope) - before).toBeLessThanOrEqual(7);
    expect(await bench.state(scope)).toBe('fresh');
    expect(await bench.names(scope)).toEqual(['a']);
  });
});

describe('the breaker spares an account that does not answer', () => {
  const account = (cloud: FakeCloud, answer: Answer) =>
    ['a', 'b', 'c', 'd', 'e', 'f'].map((region) => cloud.scope(region, answer));

  test('after five failures in a row one run at a time probes, with pauses up to 30 minutes', async () => {
    const cloud = new FakeCloud(bench.clock);
    account(cloud, broken(unreachable()));
    await bench.start([cloud]);
    await bench.minutes(10);
    // Each scope has found out for itself once.
    expect(cloud.lists.length).toBeGreaterThanOrEqual(6);
    await bench.minutes(170);
    cloud.lists.length = 0;
    await bench.minutes(240);
    expect(cloud.lists.length).toBeGreaterThanOrEqual(6);
    expect(cloud.lists.length).toBeLessThanOrEqual(9);
    expect(Math.min(...gapsOf(cloud))).toBeGreaterThanOrEqual(27 * 60_000);
  });

  test('comes back for all scopes once a probe succeeds', async () => {
    const cloud = new FakeCloud(bench.clock);
    const scopes = account(cloud, broken(unreachable()));
    await bench.start([cloud]);
    await bench.minutes(30);
    for (const scope of scopes) cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    await bench.minutes(45);
    for (const scope of scopes) expect(await bench.state(scope)).toBe('fresh');
  });

  test('a refused credential opens it at once; a person who asks after mending it is not made to wait', async () => {
    const cloud = new FakeCloud(bench.clock);
    const scope = cloud.scope('eu-west-1', broken(new ProviderError('auth', '111111111111', 'credential expired')));
    await bench.start([cloud]);
    await bench.minutes(120);
    // One failure and the probes after 5, 10, 20, 30, 30 minutes, not 24 runs.
    expect(cloud.countOf(scope)).toBeLessThanOrEqual(6);
    expect(await bench.state(scope)).toBe('denied: auth');
    cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    expect(bench.sync.refresh(scope.id)).toEqual({ accepted: 1, coalesced: 0 });
    await bench.clock.advance(1_000);
    expect(await bench.state(scope)).toBe('fresh');
  });

  test('throttling does not open it', async () => {
    const cloud = new FakeCloud(bench.clock);
    const slowed = account(cloud, broken(throttled(60_000)));
    const other = cloud.scope('z');
    await bench.start([cloud]);
    await bench.minutes(60);
    expect(bench.events('scope.breaker')).toEqual([]);
    expect(await bench.state(other)).toBe('fresh');
    expect(slowed.length).toBe(6);
  });

  test('dead regions do not hold back a healthy one of their account, nor does a credential that one region refuses', async () => {
    const cloud = new FakeCloud(bench.clock);
    account(cloud, broken(unreachable()));
    cloud.scope('x', broken(new ProviderError('auth', '111111111111', 'region is not enabled')));
    const healthy = cloud.scope('z');
    await bench.start([cloud]);
    await bench.minutes(24 * 60);
    expect(cloud.countOf(healthy)).toBeGreaterThanOrEqual(270);
    expect(await bench.age(healthy)).toBeLessThanOrEqual(330);
  });

  test('fault 35: an endpoint that flaps is probed, and not tried five times each time it comes back', async () => {
    const cloud = new FakeCloud(bench.clock);
    const bad = broken(unreachable());
    const good = listed([]);
    // Dead for five tries, then one answer and one failure in turn.
    const scope = cloud.scope('eu-west-1', (call, n) => (n > 5 && n % 2 === 0 ? good : bad)(call, n));
    await bench.start([cloud]);
    await bench.minutes(24 * 60);
    const changes = bench.events('scope.breaker').map(({ fields }) => fields.open);
    // It opens and closes in turn, one failure after each answer, with pauses that grow.
    expect(changes.slice(0, 4)).toEqual([true, false, true, false]);
    expect(cloud.countOf(scope)).toBeLessThan((24 * 12) / 2);
    const late = gapsOf(cloud).slice(-10);
    expect(Math.max(...late)).toBeGreaterThanOrEqual(27 * 60_000);
  });

  test('fault 35: an endpoint that answers every other time never opens it and is asked once a period', async () => {
    const cloud = new FakeCloud(bench.clock);
    cloud.scope('eu-west-1', (call, n) => (n % 2 === 0 ? listed([]) : broken(unreachable()))(call, n));
    await bench.start([cloud]);
    await bench.minutes(6 * 60);
    expect(bench.events('scope.breaker')).toEqual([]);
    expect(Math.min(...gapsOf(cloud))).toBeGreaterThanOrEqual(270_000);
  });
});

describe('discovery', () => {
  test('a scope that is discovered later begins, one that vanishes is gone and keeps its rows', async () => {
    const cloud = new FakeCloud(bench.clock);
    const [first, second] = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
    for (const scope of [first, second]) cloud.answer(scope, listed(rowsOf(scope, ['a'])));
    cloud.scopes = [first];
    await bench.start([cloud]);
    await bench.minutes(20);
    expect(cloud.countOf(second)).toBe(0);
    cloud.scopes = [second];
    await bench.minutes(15);
    expect(await bench.state(first)).toBe('gone');
    expect(await bench.names(first)).toEqual(['a']);
    expect(await bench.state(second)).toBe('fresh');
    const before = cloud.countOf(first);
    await bench.minutes(30);
    expect(cloud.countOf(first)).toBe(before);
    cloud.scopes = [first, second];
    await bench.minutes(40);
    expect(await bench.state(first)).toBe('fresh');
  });

  test.each([
    [
      'throws at once',
      () => {
        throw new Error('canary');
      },
    ],
    [
      'breaks off',
      async function* (this: void) {
        yield* [];
        throw unreachable();
      },
    ],
    ['hangs', () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) })],
    [
      'delivers a scope of another source',
      async function* () {
        yield {
          id: 'x',
          provider: 'fake',
          source: 'other',
          account: 'a',
          region: null,
          part: 'p',
          kind: 'vm' as const,
          label: 'x',
        };
      },
    ],
  ])('a discovery that %s leaves the known scopes as they are', async (_what, discovering) => {
    const cloud = new FakeCloud(bench.clock);
    const scopes = [cloud.scope('eu-west-1'), cloud.scope('eu-west-2')];
    await bench.start([cloud]);
    await bench.minutes(5);
    cloud.discovering = discovering;
    await bench.minutes(120);
    for (const scope of scopes) {
      expect(await bench.state(scope)).toBe('fresh');
      expect(cloud.countOf(scope)).toBeGreaterThanOrEqual(22);
    }
    expect(bench.events('source.discovery-failed').length).toBeGreaterThan(0);
  });

  test('a discovery that breaks off lists what it has found', async () => {
    const cloud = new FakeCloud(bench.clock);
    const scope = cloud.scope('eu-west-1');
    cloud.discovering = async function* () {
      yield scope;
      throw unreachable();
    };
    await bench.start([cloud]);
    await bench.minutes(1);
    expect(await bench.state(scope)).toBe('fresh');
  });

  test('a connection is closed when the sync stops, and nothing sleeps on', async () => {
    const cloud = new FakeCloud(bench.clock);
    cloud.scope('eu-west-1', inTurn(listed([]), slow(bench.clock, 100_000, listed([]))));
    await bench.start([cloud]);
    await bench.minutes(6);
    await bench.stop();
    expect(cloud.closed).toBe(1);
    await bench.clock.settle();
    expect(bench.clock.sleeping()).toEqual([]);
  });
});
