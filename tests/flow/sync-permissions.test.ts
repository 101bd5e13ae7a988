import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Permission } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { broken, denied, FakeCloud, listed, rowsOf, unreachable } from '#tests/support/fake-cloud.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
beforeEach(() => {
  bench = new SyncBench();
});
afterEach(() => bench.remove());

const permission = (action: string, state: Permission['state']): Permission => ({
  action,
  account: '111111111111',
  region: null,
  state,
  message: state === 'allowed' ? null : `not ${action}`,
});

/** A cloud whose permissions are these, and the moments at which it was asked for them. */
function cloudWith(...permissions: Permission[]): { cloud: FakeCloud; asked: number[] } {
  const cloud = new FakeCloud(bench.clock, 'prod', { discovery: 600_000 });
  cloud.source.provider = {
    ...cloud.source.provider,
    policy: (actions) => ({ format: 'text', text: `allow ${actions.join(' ')}` }),
  };
  const asked: number[] = [];
  cloud.permitting = async function* () {
    asked.push(bench.clock.monotonic());
    yield* permissions;
  };
  return { cloud, asked };
}

test('stores what a source is allowed and the policy that is missing', async () => {
  const { cloud } = cloudWith(
    permission('vm:List', 'allowed'),
    permission('vm:Types', 'denied'),
    permission('vm:Disks', 'unknown'),
  );
  cloud.scope('eu-west-1');
  await bench.start([cloud]);
  await bench.minutes(1);
  const [seen, ...others] = await bench.read.permissions();
  expect(others).toEqual([]);
  expect(seen).toEqual({
    source: 'prod',
    provider: 'fake',
    at: expect.stringMatching(/Z$/),
    permissions: [
      permission('vm:List', 'allowed'),
      permission('vm:Types', 'denied'),
      permission('vm:Disks', 'unknown'),
    ],
    missing: { format: 'text', text: 'allow vm:Types' },
  });
});

test('says that nothing is missing where nothing is denied', async () => {
  const { cloud } = cloudWith(permission('vm:List', 'allowed'));
  await bench.start([cloud]);
  await bench.minutes(1);
  expect((await bench.read.permissions())[0]).toMatchObject({ missing: null });
});

test('looks after the first discovery and then once in an hour or a little more, however often it discovers', async () => {
  const { cloud, asked } = cloudWith(permission('vm:List', 'allowed'));
  await bench.start([cloud]);
  await bench.minutes(1);
  expect(asked).toHaveLength(1);
  await bench.minutes(6 * 60);
  expect(cloud.discoveries.length).toBeGreaterThan(30);
  const gaps = asked.map((at, i) => at - (asked[i - 1] ?? at)).slice(1);
  expect(gaps.length).toBeGreaterThanOrEqual(4);
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(3_600_000);
    expect(gap).toBeLessThan(3_600_000 * 1.2 + 700_000);
  }
});

test('looks where the discovery itself is not allowed, and does not where nobody answers', async () => {
  const { cloud: refused } = cloudWith(permission('org:List', 'denied'));
  refused.discovering = async function* () {
    yield* [];
    throw denied();
  };
  const dead = new FakeCloud(bench.clock, 'dead');
  dead.discovering = async function* () {
    yield* [];
    throw unreachable();
  };
  let asked = 0;
  dead.permitting = async function* () {
    asked++;
    yield* [];
  };
  await bench.start([refused, dead]);
  await bench.minutes(20);
  expect(asked).toBe(0);
  expect((await bench.read.permissions()).map(({ source, missing }) => [source, missing?.text])).toEqual([
    ['prod', 'allow org:List'],
  ]);
});

test.each([
  ['fails', () => Promise.reject(new ProviderError('network', 'prod', 'connection reset'))],
  ['never answers', () => new Promise<never>(() => {})],
])('a look that %s takes nothing from the listings, and keeps what was seen before', async (_what, fail) => {
  const { cloud } = cloudWith(permission('vm:List', 'allowed'));
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a'])));
  await bench.start([cloud]);
  await bench.minutes(1);
  const before = await bench.read.permissions();
  expect(before).toHaveLength(1);
  cloud.permitting = async function* () {
    yield permission('vm:List', 'denied');
    await fail();
  };
  await bench.minutes(90);
  expect(await bench.read.permissions()).toEqual(before);
  expect(bench.events('permissions.not-seen').length).toBeGreaterThanOrEqual(1);
  expect(bench.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  expect(await bench.state(scope)).toBe('fresh');
  expect(await bench.age(scope)).toBeLessThanOrEqual(330);
});

test('a look in the middle of which the collector stops leaves nothing behind', async () => {
  const { cloud } = cloudWith();
  cloud.permitting = async function* () {
    await new Promise<never>(() => {});
    yield* [];
  };
  const scope = cloud.scope('eu-west-1', broken(denied()));
  await bench.start([cloud]);
  await bench.minutes(1);
  expect(await bench.state(scope)).toBe('denied: permission');
  await bench.stop();
  expect(cloud.closed).toBe(1);
  expect(bench.clock.sleeping()).toEqual([]);
  expect(await bench.read.permissions()).toEqual([]);
});
