import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '#providers/contract.ts';
import { broken, FakeCloud, hanging, listed, numbered, rowOf, rowsOf, unreachable } from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock);
});
afterEach(() => bench.remove());

describe('fault 30: only a scope that was read whole can change its rows', () => {
  test('fault 30: A is listed, B fails, C says nothing, discovery breaks off, and the process stops in the middle', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((region) => cloud.scope(region)) as [never, never, never, never];
    for (const scope of [a, b, c, d]) cloud.answer(scope, listed(rowsOf(scope, ['old', 'kept'])));
    await bench.start([cloud]);
    await bench.minutes(1);
    await bench.stop();

    cloud.answer(a, listed(rowsOf(a, ['kept'])));
    cloud.answer(b, broken(unreachable(), rowsOf(b, ['kept'])));
    cloud.answer(c, hanging());
    cloud.answer(d, hanging({}, rowsOf(d, ['kept'])));
    cloud.discovering = async function* () {
      yield* [a, b, d];
      throw unreachable();
    };
    await bench.start([cloud]);
    await bench.clock.advance(29_000);
    await bench.stop();
    expect(await bench.names(a)).toEqual(['kept']);
    for (const scope of [b, c, d]) expect(await bench.names(scope)).toEqual(['kept', 'old']);
  });
});

test('fault 29: rows of a source that is no longer configured stay and say so; other runs do not touch them', async () => {
  const other = new FakeCloud(bench.clock, 'other');
  const [lost, kept] = [other.scope('eu-west-1'), cloud.scope('eu-west-1')];
  other.answer(lost, listed(rowsOf(lost, ['a'])));
  cloud.answer(kept, listed(rowsOf(kept, ['b'])));
  await bench.start([cloud, other]);
  await bench.minutes(1);
  await bench.stop();
  await bench.start([cloud]);
  await bench.minutes(20);
  expect(await bench.state(lost)).toBe('gone');
  expect(await bench.names(lost)).toEqual(['a']);
  expect(await bench.state(kept)).toBe('fresh');
});

test('fault 100: a credential of another account lists nothing, writes nothing and says so', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a', 'b'])));
  await bench.start([cloud]);
  await bench.minutes(1);
  await bench.stop();

  const before = cloud.lists.length;
  cloud.answer(scope, listed(rowsOf(scope, ['foreign'])));
  cloud.discovering = async function* () {
    yield* [];
    throw new ProviderError('config', 'prod', 'the credential belongs to account 999999999999');
  };
  await bench.start([cloud]);
  await bench.minutes(60);
  expect(cloud.lists).toHaveLength(before);
  expect(await bench.names(scope)).toEqual(['a', 'b']);
  expect(await bench.status(scope)).toMatchObject({ state: 'unreachable', reason: { kind: 'config' } });
});

test('fault 100: a credential that turns into one of another account stops the listing at once', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a'])));
  await bench.start([cloud]);
  await bench.minutes(28);
  cloud.discovering = async function* () {
    yield* [];
    throw new ProviderError('config', 'prod', 'the credential belongs to account 999999999999');
  };
  await bench.minutes(6);
  const lists = cloud.lists.length;
  await bench.minutes(60);
  expect(cloud.lists).toHaveLength(lists);
  expect(await bench.state(scope)).toBe('unreachable: config');
});

test('fault 8: an identity provider that is down at the start leaves old rows, says why, and is asked again', async () => {
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a'])));
  await bench.start([cloud]);
  await bench.minutes(1);
  await bench.stop();
  cloud.discovering = async function* () {
    yield* [];
    throw new ProviderError('network', 'prod', 'sts does not answer');
  };
  await bench.start([cloud]);
  await bench.minutes(3);
  expect(await bench.names(scope)).toEqual(['a']);
  expect(await bench.status(scope)).toMatchObject({
    state: 'unreachable',
    reason: { message: expect.stringContaining('sts') },
  });
  expect(cloud.discoveries.length).toBeGreaterThan(3);
  cloud.discovering = null;
  await bench.minutes(10);
  expect(await bench.state(scope)).toBe('fresh');
});

test('fault 31: a stop at any moment leaves the old rows or the new ones, never a mix', async () => {
  const old = numbered(600).map((name) => `old-${name}`);
  const next = [...old.slice(0, 590), ...numbered(10).map((name) => `new-${name}`)];
  const outcomes: string[] = [];
  for (let turns = 0; turns < 30; turns++) {
    const one = new SyncBench(turns);
    const source = new FakeCloud(one.clock);
    const scope = source.scope('eu-west-1');
    const page = (names: string[], from: number) => names.slice(from, from + 200).map((name) => rowOf(scope, name));
    const pages = (names: string[]) => listed(page(names, 0), page(names, 200), page(names, 400));
    source.answer(scope, pages(old));
    await one.start([source]);
    await one.minutes(1);
    while (one.events('scope.listed').length < 1) await one.clock.settle();
    source.answer(scope, pages(next));
    expect(one.sync.refresh('*').accepted).toBe(1);
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    await one.stop();
    const names = await one.names(scope);
    outcomes.push(names.some((name) => name.startsWith('new-')) ? 'new' : 'old');
    expect(names).toEqual((outcomes.at(-1) === 'new' ? next : old).toSorted());
    expect((await one.status(scope)).count).toBe(600);
    await one.remove();
  }
  // The stops fell on both sides of the commit.
  expect(new Set(outcomes)).toEqual(new Set(['old', 'new']));
});
