import { type Batch, type DetailError, type Scope, scopeId } from '#lib/model/index.ts';
import { subscriptionsOf } from '#providers/clouds/azure/subscriptions.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { type Adapter, type Call, type Connection, type Environment, ProviderError } from '../contract.ts';
import { asRecord, asString } from '../kit/read.ts';
import { withRenewal } from '../kit/renewal.ts';
import { mapRows } from '../kit/rows.ts';
import type { AzureClient } from './client.ts';
import type { AzureConfig } from './config.ts';
import { type Details, openDetails } from './details.ts';
import { idOf, type Place, subscriptionOf, toResource, unknownOf } from './map.ts';
import { probe } from './probe.ts';
import { flat, lowerId } from './row.ts';

const PARTS = ['virtual-machines', 'scale-set-vms'] as const;
const MACHINES = 'Microsoft.Compute/virtualMachines/read';
const STATES = `${MACHINES} (statusOnly)`;
const SETS = 'Microsoft.Compute/virtualMachineScaleSets/read';
const SET_MACHINES = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read';
/** Subscriptions looked at together while scopes are discovered: a throttled one must not hold up all others. */
const AT_ONCE = 8;

export const adapter: Adapter<AzureConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClient, mockSubscriptions } = await import('./mock.ts');
      const named = config.discover !== undefined || config.subscriptions.length > 0;
      const subscriptions = named ? config.subscriptions : mockSubscriptions(config.mock);
      return connect(mockClient(config.mock, env), { ...config, subscriptions }, env);
    }
    const { openClient } = await import('./client.ts');
    return connect(openClient(config, env), config, env);
  },
};

function connect(client: AzureClient, config: AzureConfig, env: Environment): Connection {
  const details = openDetails(client, config, env);
  const find = (call: Call) => subscriptionsOf(config, client, env, call);
  return {
    async *scopes(call) {
      const subscriptions = await find(call);
      for (let i = 0; i < subscriptions.length; i += AT_ONCE) {
        const some = subscriptions.slice(i, i + AT_ONCE);
        await Promise.all(some.map((subscription) => refuseForeign(details, subscription, call)));
        for (const subscription of some) for (const part of PARTS) yield scopeOf(env.source, subscription, part);
      }
    },
    list: (scope, call) =>
      withRenewal(
        () => (scope.part === 'scale-set-vms' ? listScaleSetVms : listMachines)(client, details, scope, call),
        () => client.renew(),
      ),
    permissions: (call) => probe(client, config, () => find(call), env, call),
    async close() {
      details.close();
      await client.close();
    },
  };
}

const scopeOf = (source: string, subscription: string, part: (typeof PARTS)[number]): Scope => ({
  id: scopeId(source, subscription, null, part),
  provider: 'azure',
  source,
  account: subscription,
  region: null,
  part,
  kind: 'vm',
  label: `${subscription} ${part}`,
});

/** A credential of another tenant ends everything; a subscription that merely cannot be read says so when it is listed. */
async function refuseForeign(details: Details, subscription: string, call: Call): Promise<void> {
  try {
    await details.tenant(subscription, call);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind === 'config') throw error;
  }
}

/** Machines on their own and instances of Flexible scale sets, which ARM lists alike; never those of Uniform ones. */
async function* listMachines(client: AzureClient, details: Details, scope: Scope, call: Call): AsyncGenerator<Batch> {
  const sub = scope.account;
  const tenant = await details.tenant(sub, call);
  const views = new Map<string, unknown>();
  for await (const rows of details.read(sub, STATES, call, (next) => client.powerStates(sub, next, call)))
    for (const row of rows.map(flat)) {
      const view = row?.instanceView;
      for (const key of [lowerId(row?.id), lowerId(row?.vmId)]) if (key && view) views.set(key, view);
    }
  const addresses = await details.addresses(sub, null, call);
  const place: Place = { ...cloudOf(details, scope, tenant.value), addresses, views, set: null };
  for await (const rows of details.read(sub, MACHINES, call, (next) => client.virtualMachines(sub, next, call)))
    yield await mapped(details, rows, place, { set: null, failed: tenant.error }, call);
}

const cloudOf = ({ portal, size }: Details, scope: Scope, tenant: string | null) => ({ scope, tenant, portal, size });

/** Instances of Uniform scale sets, one list per set. A set that cannot be read leaves the others, and the listing incomplete. */
async function* listScaleSetVms(
  client: AzureClient,
  details: Details,
  scope: Scope,
  call: Call,
): AsyncGenerator<Batch> {
  const sub = scope.account;
  const tenant = await details.tenant(sub, call);
  const sets = new Map<string, unknown>();
  for await (const rows of details.read(sub, SETS, call, (next) => client.scaleSets(sub, next, call)))
    for (const row of rows) {
      const id = lowerId(asRecord(row)?.id);
      if (!id) throw unexpected(sub, 'a scale set with an id', row).of(SETS);
      // Before Flexible existed there was no mode, and Uniform was all.
      if (asString(flat(row)?.orchestrationMode)?.toLowerCase() !== 'flexible') sets.set(id, row);
    }
  details.keepSets(sub, new Set(sets.keys()));
  let broken: ProviderError | null = null;
  for (const [set, row] of sets) {
    try {
      const addresses = await details.addresses(sub, set, call);
      const place: Place = { ...cloudOf(details, scope, tenant.value), addresses, views: null, set: flat(row) };
      for await (const rows of details.read(sub, SET_MACHINES, call, (next) =>
        client.scaleSetVms(sub, set, next, call),
      ))
        yield await mapped(details, rows, place, { set: row, failed: tenant.error }, call);
    } catch (error) {
      if (!(error instanceof ProviderError) || !SKIPPED.has(error.kind)) throw error;
      broken ??= error;
    }
  }
  if (broken) throw broken;
}

/** Failures that are one scale set's own: denied by a narrower role, deleted meanwhile, unreadable. */
const SKIPPED = new Set(['permission', 'unsupported', 'bad-reply']);

async function mapped(
  details: Details,
  rows: readonly unknown[],
  place: Place,
  { set, failed }: { set: unknown; failed: DetailError | null },
  call: Call,
): Promise<Batch> {
  const sub = place.scope.account;
  for (const row of rows) {
    const other = subscriptionOf(row);
    if (other && other !== sub)
      throw new ProviderError('config', sub, 'the endpoint answers for another subscription than this one');
  }
  const unsized = await details.learnSizes(sub, rows, set, call);
  const batch = mapRows(
    rows,
    idOf,
    (row) => toResource(row, place),
    (resource) => unknownOf(resource, place, unsized),
  );
  return { ...batch, ...withDetailErrors(failed, place.addresses.inner, place.addresses.outer, ...unsized.values()) };
}
