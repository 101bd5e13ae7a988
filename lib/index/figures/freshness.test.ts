import { expect, it } from 'vitest';
import type { ScopeStatus } from '#lib/model/index.ts';
import resourcesQuestion from '#lib/questions/resources.ts';
import { started } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';

const DEAD = { state: 'unreachable', lastSuccess: null } as const;

/** Ids of the scopes that a question is told of, one scope that fails being there. */
async function toldOf(fields: Partial<ScopeStatus>, q: string): Promise<boolean> {
  const { ask, store, follower } = await started([]);
  const [some] = store.statuses;
  if (some === undefined) throw new Error('the rig has no scope');
  store.statuses = [{ ...some, ...DEAD, ...fields, id: 'dead' }];
  await follower.build(() => {});
  const { freshness } = await ask(resourcesQuestion, { q, sort: '', limit: 1 });
  return freshness.problems.some(({ id }) => id === 'dead');
}

const CLUSTER = { provider: 'kubernetes', part: 'discovery', kind: 'host', account: 'c', region: null } as const;
const CLOUD = { provider: 'openstack', part: 'servers', kind: 'vm', account: '*', region: 'RegionOne' } as const;
const REGION = { provider: 'aws', part: 'instances', kind: 'vm', account: '1', region: 'eu-west-1' } as const;

it.each<[string, Partial<ScopeStatus>, string, boolean]>([
  ['a cluster that never answered may have containers', CLUSTER, 'kind:container', true],
  ['and nodes', CLUSTER, 'kind:host cluster:prod', true],
  ['but no rows of another system', CLUSTER, 'provider:aws', false],
  ['a listing of all projects may have rows of each', CLOUD, 'account:payments', true],
  ['but none of another region', CLOUD, 'region:RegionTwo', false],
  ['a VM may be a node of any cluster', REGION, 'cluster:prod', true],
  ['a region of one account has none of another', REGION, 'account:2', false],
  ['and no containers', REGION, 'kind:container', false],
])('%s', async (_what, scope, q, expected) => expect(await toldOf(scope, q)).toBe(expected));

it('fault 106: rows of a lost connection are there, count as none that is fresh, and are told right behind what is unreachable', async () => {
  const { ask, store, follower } = await started([anyResource({ uid: 'a', scope: 's/a/r1/x' })]);
  const [first, ...others] = store.statuses;
  if (first === undefined) throw new Error('the rig has no scope');
  const at = '2026-11-21T08:59:50.000Z';
  store.statuses = [
    { ...first, state: 'reconnecting', since: at },
    ...others.map((scope) => ({ ...scope, state: 'throttled' as const, lastSuccess: at })),
    { ...first, ...DEAD, id: 'dead' },
  ];
  await follower.build(() => {});
  const { freshness, total } = await ask(resourcesQuestion, { q: '', sort: '', limit: 1 });
  expect(total).toBe(1);
  expect(freshness).toMatchObject({ fresh: 0, total: 1, scopes: { reconnecting: 1 } });
  expect(freshness.problems.map(({ state }) => state).slice(0, 3)).toEqual([
    'unreachable',
    'reconnecting',
    'throttled',
  ]);
  expect((await ask(resourcesQuestion, { q: 'freshness:reconnecting', sort: '', limit: 1 })).total).toBe(1);
  expect((await ask(resourcesQuestion, { q: 'freshness:fresh', sort: '', limit: 1 })).total).toBe(0);
});

it('fault 104: a scope that another source lists is no fresh one, and makes nothing incomplete', async () => {
  const { ask, store, follower } = await started([]);
  const [some] = store.statuses;
  if (some === undefined) throw new Error('the rig has no scope');
  const reason = { kind: 'other-source', message: 'listed by source other' } as const;
  store.statuses = [some, { ...some, id: 'twice', state: 'duplicate', reason, lastSuccess: null, count: 0 }];
  await follower.build(() => {});
  const { freshness } = await ask(resourcesQuestion, { q: '', sort: '', limit: 1 });
  expect(freshness).toMatchObject({ scopes: { fresh: 1, duplicate: 1 }, problems: [], oldest: some.lastSuccess });
});
