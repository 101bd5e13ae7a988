import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { ArmPage, AzureAccess } from './client-access.ts';
import type { AzureAccessOptions } from './options.ts';

const SUBSCRIPTIONS_API = '2022-12-01';
const GROUPS_API = '2020-05-01';
const LIST = 'Microsoft.Resources/subscriptions/read';
const DESCENDANTS = 'Microsoft.Management/managementGroups/descendants/read';
/** `Warned` and `PastDue` still run; what is `Disabled` or `Deleted` does not. */
const LIVE = new Set(['Enabled', 'Warned', 'PastDue']);

/** The calls by which subscriptions are found and checked. */
export interface SubscriptionCalls {
  /** https://learn.microsoft.com/rest/api/resources/subscriptions/get */
  subscription(subscription: string, call: Call): Promise<unknown>;
  /** https://learn.microsoft.com/rest/api/resources/subscriptions/list */
  subscriptions(next: string | undefined, call: Call): Promise<ArmPage>;
  /** https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants */
  descendants(group: string, next: string | undefined, call: Call): Promise<ArmPage>;
}

export const subscriptionCalls = (access: AzureAccess, env: Environment): SubscriptionCalls => ({
  subscription: (sub, call) => access.get(sub, `/subscriptions/${sub}?api-version=${SUBSCRIPTIONS_API}`, call),
  subscriptions: (next, call) =>
    access.page(env.source, next ?? `/subscriptions?api-version=${SUBSCRIPTIONS_API}`, call),
  descendants: (group, next, call) => {
    const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(group)}/descendants`;
    return access.page(`management group ${group}`, next ?? `${path}?api-version=${GROUPS_API}`, call);
  },
});

/**
 * The subscriptions of a source: those it names, or all that the credential sees, in its management groups where it names some. A
 * subscription that another tenant only lends (Lighthouse) counts where the configured tenant manages it.
 * @throws ProviderError where a list cannot be read; `permission` where none is left: ARM answers whoever may see none with an empty list
 */
export async function subscriptionsOf(
  options: Pick<AzureAccessOptions, 'subscriptions' | 'discover' | 'tenant'>,
  calls: Pick<SubscriptionCalls, 'subscriptions' | 'descendants'>,
  env: Environment,
  call: Call,
): Promise<readonly string[]> {
  const { discover, tenant } = options;
  if (!discover) return options.subscriptions;
  const within = discover.managementGroups ? await membersOf(discover.managementGroups, calls, env, call) : null;
  const left = new Set(discover.exclude);
  const found = new Set<string>();
  for await (const rows of read(env.source, LIST, (next) => calls.subscriptions(next, call), env, call))
    for (const row of rows) {
      const about = asRecord(row);
      const id = asString(about?.subscriptionId)?.toLowerCase();
      if (!id) throw unexpected(env.source, 'a subscription with an id', row).of(LIST);
      const tenants = [about?.tenantId, ...asArray(about?.managedByTenants).map((by) => asRecord(by)?.tenantId)];
      const ours = tenant === undefined || tenants.some((one) => asString(one)?.toLowerCase() === tenant);
      if (ours && LIVE.has(asString(about?.state) ?? '') && !left.has(id) && within?.has(id) !== false) found.add(id);
    }
  if (found.size === 0)
    throw new ProviderError(
      'permission',
      env.source,
      'no subscription is found: the credential may see none, or none fits tenant, managementGroups and exclude',
    );
  return [...found].sort();
}

async function membersOf(
  groups: readonly string[],
  calls: Pick<SubscriptionCalls, 'descendants'>,
  env: Environment,
  call: Call,
): Promise<Set<string>> {
  const members = new Set<string>();
  for (const group of groups)
    for await (const rows of read(group, DESCENDANTS, (next) => calls.descendants(group, next, call), env, call))
      for (const row of rows) {
        const about = asRecord(row);
        const name = asString(about?.name)?.toLowerCase();
        if (name && /\/subscriptions$/i.test(asString(about?.type) ?? '')) members.add(name);
      }
  return members;
}

const read = (
  place: string,
  action: string,
  page: (next: string | undefined) => Promise<ArmPage>,
  env: Environment,
  call: Call,
): AsyncIterable<readonly unknown[]> =>
  pages(place, action, call.signal, async (token) => {
    const { rows, next } = await retry(env, call, () => page(token));
    return { items: rows, count: rows.length, next };
  });
