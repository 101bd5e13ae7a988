import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { parse } from 'yaml';
import { openstack } from '#providers/openstack/index.ts';
import {
  denied,
  keystoneError,
  novaError,
  OPENSTACK_PASSWORD,
  OPENSTACK_USER,
  openstackCloud,
} from '#tests/fakes/openstack.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import { abortTests } from '../adapter/abort.ts';
import { detailTests } from '../adapter/details.ts';
import { failureTests } from '../adapter/failures.ts';
import { placeTests } from '../adapter/places.ts';
import { replyTests } from '../adapter/replies.ts';
import { rowTests } from '../adapter/rows.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

interface Row {
  metadata: Record<string, string>;
}

const rules = Object.keys(
  parse(readFileSync(new URL('../../../providers/openstack/permissions.yaml', import.meta.url), 'utf8')),
);
const OF_ALL = 'os_compute_api:servers:detail:get_all_tenants';
const OF_ONE = 'os_compute_api:servers:detail';
const FLAVORS = 'GET /v2.1/flavors/detail';
const CALLS: Readonly<Record<string, string>> = {
  [OF_ALL]: 'GET servers/detail',
  [OF_ONE]: 'GET servers/detail',
  [FLAVORS]: 'GET flavors/detail',
};
const first = <T>(all: readonly T[], wanted: (one: T) => boolean): T => all.find(wanted) as T;

/** Every status of Nova with its state. */
const STATES = statesOf('OpenStack');

let cloud = openstackCloud();

/** An administrator of an upgraded cloud: all projects in one listing, which stands beside that of the hypervisors. */
const whole: AdapterCase<unknown, Row> = {
  provider: openstack,
  start: (options) => {
    cloud = openstackCloud();
    return startFake(cloud, options);
  },
  config: (fake, fleet, timeout) => ({ ...sourceOf(fake, timeout), project: fleet.openstack().projects[0]?.name }),
  mockConfig: (fleet) => ({
    authUrl: 'http://127.0.0.1:5000/v3',
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  subject: (scopes) => first(scopes, ({ part }) => part === 'servers'),
  bystander: (scopes) => first(scopes, ({ part }) => part === 'hypervisors'),
  isListOf: (scope, { action }) =>
    action === (scope.part === 'servers' ? OF_ALL : 'os_compute_api:os-hypervisors:list-detail'),
  policy: [...rules, OF_ONE, 'POST /v3/auth/tokens', 'GET /v3/auth/projects', 'GET /v2.1/', FLAVORS],
  unusedActions: {
    'os_compute_api:os-extended-server-attributes': 'shows what the rows of a list hold; it is no call',
    [FLAVORS]: 'from 2.47 on flavors stand in the servers',
  },
  callOf: (action) => CALLS[action] ?? action,
  details: [],
  idleDetails: ['all of these'],
  states: STATES,
  withState: (row, status) => ({ ...row, status, 'OS-EXT-STS:task_state': null, host_status: 'UP' }),
  withName: (row, name) => ({ ...row, name }),
  withTag: (row, key, value) => {
    // The fake makes its rows anew for each request; copying thousands of tags thousands of times takes seconds.
    Object.defineProperty(row.metadata, key, { value, enumerable: true, writable: true, configurable: true });
    return row;
  },
  broken: (row) => ({ ...row, id: undefined }),
  replies: {
    denied: () => denied(OF_ALL),
    throttled: (wait) => novaError(429, 'tooManyRequests', 'Slow down.', { 'retry-after': String(wait) }),
    expired: () => keystoneError(401),
    unavailable: () => novaError(503, 'serviceUnavailable', 'Try later.'),
    withoutList: () => json({}),
    foreignNext: (elsewhere) =>
      json({ servers: [], servers_links: [{ rel: 'next', href: `${elsewhere}/v2.1/servers/detail?marker=t2` }] }),
  },
  asWrongAccount: () => {
    cloud.pretend = { id: 'f'.repeat(32), name: 'somebody-elses' };
  },
};

const sourceOf = (fake: FakeServer, timeout: number) => ({
  authUrl: fake.url,
  username: OPENSTACK_USER,
  password: OPENSTACK_PASSWORD,
  timeout,
});

describeAdapter(whole);

const plain = plainWorld(60);

/** A user with a role in two projects of a cloud that was last upgraded in 2016: flavors are looked up, hosts are not shown. */
const each: AdapterCase<unknown, Row> = {
  ...whole,
  start: (options) => {
    cloud = openstackCloud({ newest: 42, allTenants: false, hosts: false });
    // The rows are altered by the tests, so each fake has its own.
    cloud.world = { ...structuredClone(plain), servers: structuredClone(plain.servers) };
    return startFake(cloud, options);
  },
  config: (fake, _, timeout) => ({ ...sourceOf(fake, timeout), project: 'team-1' }),
  bystander: (scopes) => first(scopes, ({ part, id }) => part === 'servers' && id !== whole.subject(scopes).id),
  isListOf: (scope, { action, headers }) =>
    action === OF_ONE && cloud.tokens.get(String(headers['x-auth-token'])) === scope.account,
  details: [FLAVORS],
  keptDetails: [FLAVORS],
  idleDetails: [],
  // The token of the project that is listed, not the first one that is asked for.
  asWrongAccount: () => {
    cloud.pretend = { id: 'f'.repeat(32), name: 'somebody-elses' };
  },
  skip: { canary: 'the rows are made without secrets; the fleet plants them, above' },
};

describe('OpenStack adapter, project by project in an old cloud', () => {
  describe('understands rows', () => rowTests(each));
  describe('refuses replies that are none', () => replyTests(each));
  describe('says where', () => placeTests(each));
  describe('survives what goes wrong', () => failureTests(each));
  describe('keeps what it knew', () => detailTests(each));
  describe('stops when told', () => abortTests(each));
});
