import { type Account, CANARY, type Fleet, type Machine } from '#lib/demo/index.ts';
import * as wire from '#providers/azure/wire.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

/** The token that the fake takes. */
export const AZURE_TOKEN = 'static-token-of-the-test';

const VERSIONS = {
  Compute: '2026-04-01',
  skus: '2021-07-01',
  Network: '2024-05-01',
  set: '2018-10-01',
  subscription: '2022-12-01',
  groups: '2020-05-01',
  clusters: '2024-09-01',
};

type Answer = (account: Account, tools: FakeTools, match: RegExpExecArray) => unknown[] | object;
interface Route {
  action: string;
  path: RegExp;
  version: string;
  answer: Answer;
}

const ROOT = '^/subscriptions/([^/]+)';
const SETS = `${ROOT}/providers/Microsoft\\.Compute/virtualMachineScaleSets`;
const SET = `${ROOT}/resourceGroups/([^/]+)/providers/Microsoft\\.Compute/virtualMachineScaleSets/([^/]+)`;
const route = (action: string, path: string, version: string, answer: Answer): Route => ({
  action: `Microsoft.${action}/read`,
  path: new RegExp(`${path}$`, 'i'),
  version,
  answer,
});

const machinesOf = (account: Account, tools: FakeTools): Machine[] => {
  const moment = tools.fleet.at(tools.now());
  return account.places.filter((place) => place.fault === null).flatMap((place) => [...moment.machines(place)]);
};
const alone = (account: Account, tools: FakeTools) => machinesOf(account, tools).filter(wire.isListedAlone);
const membersOf = (account: Account, tools: FakeTools, match: RegExpExecArray): Machine[] => {
  const id = match[0].split('/').slice(0, 9).join('/').toLowerCase();
  return machinesOf(account, tools).filter((m) => wire.isInUniformSet(m) && wire.scaleSetId(m).toLowerCase() === id);
};
const withPublic = (machines: Machine[]) => machines.filter((machine) => machine.publicAddress !== null);

/** Machines with their instance views, after the test's rewrite: the model list and the status list show the same ones. */
type VmRow = Parameters<typeof wire.modelOnly>[0];
const vmRows = (account: Account, tools: FakeTools): VmRow[] =>
  tools.rewrite<VmRow>(alone(account, tools).map(wire.virtualMachineRow));

const ROUTES: readonly Route[] = [
  route('Resources/subscriptions', ROOT, VERSIONS.subscription, (account, tools) =>
    wire.subscriptionRow(account, wire.tenantOf(tools.fleet.seed)),
  ),
  route('Compute/virtualMachines', `${ROOT}/providers/Microsoft\\.Compute/virtualMachines`, VERSIONS.Compute, vmRows),
  route('Compute/virtualMachineScaleSets', SETS, VERSIONS.Compute, (account, tools) => {
    const grouped = machinesOf(account, tools).filter((machine) => machine.group && !wire.isGone(machine));
    return [...new Map(grouped.map((machine) => [wire.scaleSetId(machine), wire.scaleSetRow(machine)])).values()];
  }),
  route('Compute/virtualMachineScaleSets/virtualMachines', `${SET}/virtualMachines`, VERSIONS.Compute, (...at) =>
    membersOf(...at).map(wire.scaleSetVmRow),
  ),
  route('Compute/virtualMachineScaleSets/networkInterfaces', `${SET}/networkInterfaces`, VERSIONS.set, (...at) =>
    membersOf(...at).map(wire.interfaceRow),
  ),
  route('Compute/virtualMachineScaleSets/publicIPAddresses', `${SET}/publicipaddresses`, VERSIONS.set, (...at) =>
    withPublic(membersOf(...at)).map(wire.publicAddressRow),
  ),
  route('Compute/skus', `${ROOT}/providers/Microsoft\\.Compute/skus`, VERSIONS.skus, () => wire.skuRows('westeurope')),
  route(
    'Network/networkInterfaces',
    `${ROOT}/providers/Microsoft\\.Network/networkInterfaces`,
    VERSIONS.Network,
    (...at) => alone(at[0], at[1]).map(wire.interfaceRow),
  ),
  route(
    'Network/publicIPAddresses',
    `${ROOT}/providers/Microsoft\\.Network/publicIPAddresses`,
    VERSIONS.Network,
    (...at) => withPublic(alone(at[0], at[1])).map(wire.publicAddressRow),
  ),
];

const find = (path: string) => ROUTES.find((candidate) => candidate.path.test(path));

/** Azure Resource Manager's lists that Muster reads. `pretend` makes every subscription belong to another tenant. */
export interface AzureCloud extends FakeCloud {
  pretend: string | null;
  /** Subscriptions that are disabled. */
  disabled: readonly string[];
  /** Subscriptions by management group. */
  groups: Readonly<Record<string, readonly string[]>>;
  tenant(fleet: Fleet): string;
  discovery(request: FakeRequest, tools: FakeTools): Reply | null;
}

export function azureCloud(): AzureCloud {
  return {
    pretend: null,
    disabled: [],
    groups: {},
    tenant: (fleet) => wire.tenantOf(fleet.seed),
    action: ({ method, path }) =>
      discoveryAction(method, path) ?? (method === 'GET' ? find(path)?.action : undefined) ?? `${method} ${path}`,
    discovery(request, tools) {
      const [, sub = ''] = /^\/subscriptions\/([^/]+)/i.exec(request.path) ?? [];
      switch (request.action) {
        case SUBSCRIPTIONS: {
          const all = tools.fleet.accounts('azure').map((account) => ({
            ...wire.subscriptionRow(account, this.pretend ?? this.tenant(tools.fleet)),
            ...(this.disabled.includes(account.id) ? { state: 'Disabled' } : {}),
          }));
          return page(request, { ...tools, page: twoByTwo }, all);
        }
        case GROUPS: {
          const group = decodeURIComponent(request.path.split('/')[4] ?? '');
          const members = this.groups[group];
          if (!members) return armFailure(404, 'NotFound');
          const type = 'Microsoft.Management/managementGroups/subscriptions';
          return json({ value: members.map((name) => ({ name, type, id: `/subscriptions/${name}` })) });
        }
        case CLUSTERS:
          return page(request, { ...tools, page: twoByTwo }, clustersOf(tools.fleet, sub).map(clusterRow));
        case CREDENTIAL:
          return json({
            kubeconfigs: [{ name: 'clusterUser', value: kubeconfigOf(request.path.split('/')[8] ?? '') }],
          });
        default:
          return null;
      }
    },
    answer(request, tools): Reply {
      if (request.headers.authorization !== `Bearer ${AZURE_TOKEN}`)
        return armFailure(401, 'InvalidAuthenticationToken');
      const listed = this.discovery(request, tools);
      if (listed) return listed;
      const found = find(request.path);
      const match = found?.path.exec(decodeURIComponent(request.path));
      if (!found || !match) return armFailure(404, 'NoRegisteredProviderFound');
      if (request.query.get('api-version') !== found.version) return armFailure(400, 'InvalidApiVersionParameter');
      const account = tools.fleet.accounts('azure').find((a) => a.id === match[1]?.toLowerCase());
      if (!account) return armFailure(404, 'SubscriptionNotFound');
      if (account.places.some((place) => place.fault === 'throttled'))
        return armFailure(429, 'TooManyRequests', { 'retry-after': '120' });
      const body = found.answer(account, tools, match);
      if (!Array.isArray(body)) return json(this.pretend ? { ...body, tenantId: this.pretend } : body);
      return page(request, tools, body);
    },
  };
}

const SUBSCRIPTIONS = 'Microsoft.Resources/subscriptions/list';
const GROUPS = 'Microsoft.Management/managementGroups/descendants/read';
const CLUSTERS = 'Microsoft.ContainerService/managedClusters/read';
const CREDENTIAL = 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action';

function discoveryAction(method: string, path: string): string | null {
  if (method === 'POST') return /\/managedClusters\/[^/]+\/listClusterUserCredential$/.test(path) ? CREDENTIAL : null;
  if (path === '/subscriptions') return SUBSCRIPTIONS;
  if (/^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+\/descendants$/.test(path)) return GROUPS;
  return /\/providers\/Microsoft\.ContainerService\/managedClusters$/.test(path) ? CLUSTERS : null;
}

/** Pages of two, so that a few entries are more than one page. */
function twoByTwo<T>(rows: readonly T[], token: string | undefined): { rows: T[]; next: string | undefined } {
  const from = Number(token ?? 0);
  return { rows: rows.slice(from, from + 2), next: from + 2 < rows.length ? String(from + 2) : undefined };
}

const clustersOf = (fleet: Fleet, subscription: string) =>
  fleet.clusters().filter(({ cloud, place }) => cloud === 'azure' && place.account.id === subscription);

/** Every third cluster has local accounts only. */
const clusterRow = ({ name, place, index }: ReturnType<Fleet['clusters']>[number]) => ({
  id: `/subscriptions/${place.account.id}/resourceGroups/rg-${name}/providers/Microsoft.ContainerService/managedClusters/${name}`,
  name,
  location: place.region,
  properties: {
    powerState: { code: 'Running' },
    ...(index % 9 === 2 ? {} : { aadProfile: { managed: true } }),
  },
});

const kubeconfigOf = (name: string): string =>
  Buffer.from(
    `apiVersion: v1\nkind: Config\nclusters:\n- name: ${name}\n  cluster:\n    server: https://${name}.azmk8s.io:443\n    certificate-authority-data: ${Buffer.from(`CA of ${name}`).toString('base64')}\nusers:\n- name: u\n  user:\n    client-key-data: ${CANARY}\n`,
  ).toString('base64');

function page(request: FakeRequest, tools: FakeTools, all: unknown[]): Reply {
  const { rows, next } = tools.page(all, request.query.get('$skiptoken') ?? undefined);
  const value = /\/Microsoft\.Compute\/virtualMachines$/.test(request.path)
    ? rows.map((row) => view(request, row))
    : rows;
  if (next === undefined) return json({ value });
  const link = new URL(request.url, `http://${request.headers.host}`);
  link.searchParams.set('$skiptoken', next);
  return json({ value, nextLink: link.href });
}

/** What of a machine one of its two lists shows; a row that a test broke goes out as it is. */
function view(request: FakeRequest, row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return request.query.get('statusOnly') === 'true' ? wire.statusOnly({ ...row }) : wire.modelOnly({ ...row });
}

export const armFailure = (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  json({ error: { code, message: `The request failed with ${code}.` } }, status, headers);
