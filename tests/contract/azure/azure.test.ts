import type { Fleet } from '#lib/demo/index.ts';
import { azure } from '#providers/azure/index.ts';
import role from '#providers/azure/permissions.json' with { type: 'json' };
import { AZURE_TOKEN, armFailure, azureCloud } from '#tests/fakes/azure.ts';
import { json, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import { describeAdapter } from '../provider-suite.ts';

interface Row {
  id: string;
  name: string;
  tags: Record<string, string>;
  properties: { instanceView: unknown; provisioningState: string };
}

const subscriptions = (fleet: Fleet) => fleet.accounts('azure').map((account) => account.id);

let cloud = azureCloud();
const TENANT = '00000000-0000-4000-8000-00000000beef';

describeAdapter<unknown, Row>({
  provider: azure,
  // From here on each subscription has a Uniform scale set, so that there is something to try every permission on.
  resources: 2000,
  start: (options) => {
    cloud = azureCloud();
    return startFake(cloud, options);
  },
  config: (fake, fleet, timeout) => ({
    subscriptions: subscriptions(fleet),
    tenant: cloud.tenant(fleet),
    endpoint: fake.url,
    token: AZURE_TOKEN,
    timeout,
  }),
  mockConfig: (fleet) => ({
    subscriptions: subscriptions(fleet),
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  subject: (scopes) => scopes.find((scope) => scope.part === 'virtual-machines') as (typeof scopes)[0],
  bystander: (scopes) => scopes.find((scope) => scope.part === 'scale-set-vms') as (typeof scopes)[0],
  isListOf: (scope, { action, path, query }) =>
    action === 'Microsoft.Compute/virtualMachines/read' &&
    path.includes(`/${scope.account}/`) &&
    scope.part === 'virtual-machines' &&
    !query.has('statusOnly'),
  policy: role.Actions,
  details: [
    'Microsoft.Compute/skus/read',
    'Microsoft.Network/networkInterfaces/read',
    'Microsoft.Network/publicIPAddresses/read',
    'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read',
    'Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read',
    'Microsoft.Resources/subscriptions/read',
  ],
  keptDetails: ['Microsoft.Compute/skus/read', 'Microsoft.Resources/subscriptions/read'],
  states: statesOf('Azure'),
  withState: (row, code) => ({
    ...row,
    properties: {
      ...row.properties,
      instanceView: { statuses: [{ code: code.includes('/') ? code : `PowerState/${code}` }] },
    },
  }),
  withName: (row, name) => ({ ...row, name }),
  withTag: (row, key, value) => {
    // The fake makes its rows anew for each request; copying thousands of tags thousands of times takes seconds.
    Object.defineProperty(row.tags, key, { value, enumerable: true, writable: true, configurable: true });
    return row;
  },
  broken: (row) => ({ ...row, id: undefined }),
  replies: {
    denied: () => armFailure(403, 'AuthorizationFailed'),
    throttled: (wait) => armFailure(429, 'TooManyRequests', { 'retry-after': String(wait) }),
    expired: () => armFailure(401, 'ExpiredAuthenticationToken'),
    unavailable: () => armFailure(503, 'ServiceUnavailable'),
    withoutList: () => json({ nextLink: null }),
    foreignNext: (elsewhere) => json({ value: [], nextLink: `${elsewhere}/subscriptions?$skiptoken=x` }),
  },
  asWrongAccount: () => {
    cloud.pretend = TENANT;
  },
});
