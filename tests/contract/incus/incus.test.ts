import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { IncusConfig } from '#providers/incus/config.ts';
import { incus } from '#providers/incus/index.ts';
import type { InstanceRow } from '#providers/incus/mock/wire.ts';
import { ACTIONS, trustPolicy } from '#providers/incus/policy.ts';
import { failure, type IncusCloud, incusCloud } from '#tests/fakes/incus.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

const FILE = readFileSync(path.join(import.meta.dirname, '../../../providers/incus/permissions.txt'), 'utf8');

const MEMBERS = 'GET /1.0/cluster/members';

const clouds = new WeakMap<FakeServer, IncusCloud>();
const copied = new WeakSet<object>();

/** A copy with one tag more; a copy made here is written on, so that thousands of tags cost no thousands of copies. */
function withTag(row: InstanceRow, key: string, value: string): InstanceRow {
  const config = copied.has(row.expanded_config) ? row.expanded_config : { ...row.expanded_config };
  copied.add(config);
  config[`user.${key}`] = value;
  return config === row.expanded_config ? row : { ...row, expanded_config: config };
}

const incusCase: AdapterCase<IncusConfig, InstanceRow> = {
  provider: incus,
  async start(options) {
    const cloud = incusCloud();
    const fake = await startFake(cloud, options);
    clouds.set(fake, cloud);
    return fake;
  },
  // A cluster of three, with enough on each member.
  resources: 6000,
  config: (fake, _, timeout) => ({ host: fake.url, timeout }),
  mockConfig: ({ seed, resources, faults }) => ({ mock: { seed, resources, faults } }),
  subject: (scopes) => part(scopes, 'instances on incus-01'),
  bystander: (scopes) => part(scopes, 'members'),
  isListOf: (_, request) => request.action === 'GET /1.0/instances',
  policy: ACTIONS,
  details: ['GET /1.0/resources', MEMBERS],
  // It tells whether a member is offline, and no field of an instance.
  idleDetails: [MEMBERS],
  isListedBy: ({ part }, action) => part === 'members' && action === MEMBERS,
  keptDetails: ['GET /1.0/resources'],
  states: statesOf('Incus and LXD'),
  withState: (row, status) => ({ ...row, status, stateful: false, last_used_at: '2026-11-01T08:00:00Z' }),
  withName: (row, name) => ({ ...row, name }),
  withTag,
  broken: (row) => ({ ...row, name: undefined }),
  replies: {
    denied: () => failure(403, 'not authorized'),
    throttled: (wait) => failure(429, 'too many requests', { 'retry-after': String(wait) }),
    expired: () => failure(401, 'not authorized'),
    unavailable: () => failure(503, 'LXD daemon is not started yet'),
    withoutList: () => json({ type: 'sync', status: 'Success', status_code: 200 }),
  },
  asWrongAccount(fake) {
    const cloud = clouds.get(fake);
    if (cloud) cloud.pretend = 'f'.repeat(64);
  },
  skip: {
    paging: 'the list of a server is one snapshot, without pages',
    'foreign-link': 'the list of a server has no pages and no links',
  },
};

function part<T extends { part: string }>(scopes: readonly T[], name: string): T {
  const found = scopes.find((scope) => scope.part === name);
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
}

describeAdapter(incusCase);

it('the policy that is printed for all calls is the one of the file', () => {
  expect(trustPolicy(ACTIONS).text).toBe(FILE);
  expect(trustPolicy(['GET /1.0']).text).not.toContain('--projects');
});
