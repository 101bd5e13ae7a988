import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Fleet } from '#lib/demo/index.ts';
import type { DockerConfig } from '#providers/docker/config.ts';
import { docker } from '#providers/docker/index.ts';
import type { summaryOf } from '#providers/docker/mock/wire.ts';
import { ACTIONS, proxyPolicy } from '#providers/docker/policy.ts';
import { dockerCloud, failure } from '#tests/fakes/docker.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

type Row = ReturnType<typeof summaryOf>;

const FILE = readFileSync(path.join(import.meta.dirname, '../../../providers/docker/permissions.env'), 'utf8');

/** Wire and mock list the same under the same name: the engine's address is its account. */
const addresses = new WeakMap<Fleet, string>();
const addressOf = (fake: FakeServer): string => fake.url.replace('http:', 'tcp:');

const STATUS: Readonly<Record<string, string>> = {
  running: 'Up 5 minutes',
  paused: 'Up 5 minutes (Paused)',
  exited: 'Exited (0) 5 minutes ago',
  restarting: 'Restarting (1) 5 seconds ago',
};

const copied = new WeakSet<object>();

/** A copy with one label more; a copy made here is written on, so that thousands of labels cost no thousands of copies. */
function withLabel(row: Row, key: string, value: string): Row {
  const labels = copied.has(row.Labels) ? row.Labels : { ...row.Labels };
  copied.add(labels);
  // Not an assignment: `__proto__` is a legal label key.
  Object.defineProperty(labels, key, { value, enumerable: true, configurable: true, writable: true });
  return labels === row.Labels ? row : { ...row, Labels: labels };
}

const dockerCase: AdapterCase<DockerConfig, Row> = {
  provider: docker,
  async start(options) {
    const fake = await startFake(dockerCloud(), options);
    addresses.set(options.fleet, addressOf(fake));
    return fake;
  },
  // An engine of a larger fleet has more containers.
  resources: 20_000,
  config: (fake, _, timeout) => ({ host: addressOf(fake), timeout }),
  mockConfig: (fleet) => ({
    host: addresses.get(fleet),
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  subject: (scopes) => part(scopes, 'containers'),
  bystander: (scopes) => part(scopes, 'host'),
  isListOf: (_, request) => request.action === 'GET /containers/json',
  inFlight: 8,
  policy: ACTIONS,
  details: ['GET /containers/{id}/json'],
  states: statesOf('Docker and Podman'),
  withState: (row, State) => ({ ...row, State: State as Row['State'], Status: STATUS[State] ?? '' }),
  withName: (row, name) => ({ ...row, Names: [`/${name}`] }),
  withTag: withLabel,
  broken: (row) => ({ ...row, Id: undefined }),
  replies: {
    // As docker-socket-proxy (HAProxy) says it.
    denied: () => ({
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n',
    }),
    throttled: (wait) => failure(429, 'too many requests', { 'retry-after': String(wait) }),
    expired: () => failure(401, 'authorization denied'),
    unavailable: () => failure(503, 'service unavailable'),
    withoutList: () => json({}),
  },
  skip: {
    paging: 'the list of an engine is one snapshot, without pages',
    'foreign-link': 'the list of an engine has no pages and no links',
    'wrong-account': 'the account of an engine is its configured address; whoever answers there is it',
  },
};

function part<T extends { part: string }>(scopes: readonly T[], name: string): T {
  const found = scopes.find((scope) => scope.part === name);
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
}

describeAdapter(dockerCase);

it('the policy that is printed for all calls is the one of the file', () => {
  const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines(proxyPolicy(ACTIONS).text)).toEqual(lines(FILE));
  expect(lines(proxyPolicy(['GET /events']).text)).toEqual(['EVENTS=1', 'POST=0']);
});
