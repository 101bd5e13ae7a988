import * as wire from '#providers/azure/wire.ts';
import type { Account, Fleet, Machine } from '#providers/kit/fleet/index.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

/** The token that the fake takes. */
export const AZURE_TOKEN = 'static-token-of-the-test';

const VERSIONS = {
  Compute: '2026-04-01',
  skus: '2021-07-01',
  Network: '2024-05-01',
  set: '2018-10-01',
  subscription: '2022-12-01',
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
export function azureCloud(): FakeCloud & { pretend: string | null; tenant(fleet: Fleet): string } {
  return {
    pretend: null,
    tenant: (fleet) => wire.tenantOf(fleet.seed),
    action: ({ method, path }) => (method === 'GET' ? find(path)?.action : undefined) ?? `${method} ${path}`,
    answer(request, tools): Reply {
      if (request.headers.authorization !== `Bearer ${AZURE_TOKEN}`)
        return armFailure(401, 'InvalidAuthenticationToken');
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
