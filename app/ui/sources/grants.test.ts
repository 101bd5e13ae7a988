import { expect, it } from 'vitest';
import type { Permission, PermissionsSeen, ScopeStatus } from '#lib/model/index.ts';
import { grantsOf, namesOf, verdictsOf } from './grants.ts';

const scope = (source: string, fields: Partial<ScopeStatus> = {}): ScopeStatus => ({
  id: `${source}/1/eu-west-1/instances`,
  provider: 'aws',
  source,
  account: '1',
  region: 'eu-west-1',
  part: 'instances',
  kind: 'vm',
  label: '1 eu-west-1',
  state: 'fresh',
  reason: null,
  since: null,
  lastAttempt: null,
  lastSuccess: null,
  generation: 0,
  count: 0,
  unreadable: 0,
  held: 0,
  detailErrors: [],
  watched: false,
  interval: 60_000,
  ...fields,
});
const said = (action: string, state: Permission['state'], account = '1'): Permission => ({
  action,
  account,
  region: null,
  state,
  message: state === 'allowed' ? null : `${action} in ${account}`,
});
const seen = (source: string, ...permissions: Permission[]): PermissionsSeen => ({
  source,
  provider: 'aws',
  at: '2026-11-21T09:00:00.000Z',
  permissions,
  missing: null,
});

it('counts each call by its worst outcome, and puts what lacks something first', () => {
  const grants = grantsOf(
    [scope('a'), scope('b'), scope('c')],
    [seen('a', said('x', 'allowed')), seen('b', said('x', 'allowed'), said('x', 'denied', '2'), said('y', 'unknown'))],
  );
  expect(grants.map(({ source, denied, unknown, allowed }) => [source, denied, unknown, allowed])).toEqual([
    ['b', 1, 1, 0],
    ['a', 0, 0, 1],
    ['c', 0, 0, 0],
  ]);
  expect(grants.find(({ source }) => source === 'c')?.seen).toBeNull();
});

it('names the regions that their own listing found denied, and leaves out what is configured no more', () => {
  const denied = scope('a', { state: 'denied', region: 'eu-south-1' });
  const grants = grantsOf([scope('old', { state: 'gone' }), scope('a'), denied], []);
  expect(grants.map(({ source, deniedRegions }) => [source, deniedRegions])).toEqual([['a', ['1 eu-south-1']]]);
});

it('says each call and outcome once, with all of its places', () => {
  expect(verdictsOf([said('x', 'allowed'), said('x', 'denied', '2'), said('x', 'denied', '3')])).toEqual([
    { action: 'x', state: 'denied', places: ['2', '3'], message: 'x in 2' },
    { action: 'x', state: 'allowed', places: ['1'], message: null },
  ]);
  expect(namesOf(['1', '2', '3'], 2)).toBe('1, 2 and 1 more');
  expect(namesOf(['1', '2'], 2)).toBe('1, 2');
});
