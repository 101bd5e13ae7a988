import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Fleet } from '#lib/demo/index.ts';
import { gcp } from '#providers/gcp/index.ts';
import { GCP_TOKEN, gcpCloud, googleError } from '#tests/fakes/gcp.ts';
import { json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import { describeAdapter } from '../provider-suite.ts';

interface Row {
  name: string;
  status: string;
  labels: Record<string, string>;
}

const policy = parse(readFileSync(new URL('../../../providers/gcp/permissions.yaml', import.meta.url), 'utf8'));
const projects = (fleet: Fleet) => fleet.accounts('gcp').map((account) => account.id);

// Ignores `fields`, so that secrets of the metadata reach the adapter: the second lock is tested here, the first in gcp-wire.
let cloud = gcpCloud(false);

describeAdapter<unknown, Row>({
  provider: gcp,
  start: (options) => {
    cloud = gcpCloud(false);
    return startFake(cloud, options);
  },
  config: (fake, fleet, timeout) => ({ projects: projects(fleet), endpoint: fake.url, token: GCP_TOKEN, timeout }),
  mockConfig: (fleet) => ({
    projects: projects(fleet),
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  subject: (scopes) => scopes[0] as (typeof scopes)[0],
  bystander: (scopes) => scopes[1] as (typeof scopes)[0],
  isListOf: (scope, { action, path }) => action === 'compute.instances.list' && path.includes(`/${scope.account}/`),
  policy: policy.includedPermissions,
  details: ['compute.machineTypes.list'],
  keptDetails: ['compute.machineTypes.list'],
  states: statesOf('Compute Engine'),
  withState: (row, status) => ({ ...row, status }),
  withName: (row, name) => ({ ...row, name }),
  withTag: (row, key, value) => {
    // The fake makes its rows anew for each request; copying thousands of labels thousands of times takes seconds.
    Object.defineProperty(row.labels, key, { value, enumerable: true, writable: true, configurable: true });
    return row;
  },
  broken: (row) => ({ ...row, id: undefined }),
  replies: {
    denied: () => googleError(403, 'forbidden', "Required 'compute.instances.list' permission."),
    // Google names no time; it is the next minute.
    throttled: () => googleError(403, 'rateLimitExceeded', 'Quota exceeded.'),
    expired: () => googleError(401, 'authError', 'Invalid Credentials'),
    unavailable: () => googleError(503, 'backendError', 'Backend Error'),
    withoutList: ({ path }) => json({ kind: 'compute#instanceAggregatedList', id: path.split('/v1/')[1] }),
  },
  asWrongAccount: () => {
    cloud.pretend = 'somebody-elses-project';
  },
  accountInList: true,
  skip: { 'foreign-link': 'pages are tokens of the same address, not links' },
});
