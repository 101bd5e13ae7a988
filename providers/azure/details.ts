import type { Call, Environment } from '../contract.ts';
import { ProviderError } from '../contract.ts';
import { lastGood } from '../kit/last-good.ts';
import { named } from '../kit/named.ts';
import { pages } from '../kit/pages.ts';
import { fields, listOf, textOf } from '../kit/read.ts';
import { retry } from '../kit/retry.ts';
import { unexpected } from '../kit/unexpected.ts';
import type { ArmPage, AzureClient } from './client.ts';
import { type AddressBook, enterInterfaces, enterPublicAddresses, hasAttached, publicAddressesOf } from './network.ts';
import { flat, regionOf } from './row.ts';
import { type Size, sizesOf } from './skus.ts';

const HOUR = 3_600_000;
const SUBSCRIPTION = 'Microsoft.Resources/subscriptions/read';
const SKUS = 'Microsoft.Compute/skus/read';
const INTERFACES = 'Microsoft.Network/networkInterfaces/read';
const PUBLIC = 'Microsoft.Network/publicIPAddresses/read';
const SET_INTERFACES = 'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read';
const SET_PUBLIC = 'Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read';

/** What the rows need beside themselves; asked for rarely, and never worth a listing's rows. */
export interface Details {
  /** All pages of a list. @param action names it in errors */
  read(
    subscription: string,
    action: string,
    call: Call,
    page: (next: string | undefined) => Promise<ArmPage>,
  ): AsyncIterable<readonly unknown[]>;
  /**
   * The tenant that owns a subscription; null where that may not be read.
   * @throws ProviderError `config` where the credential answers for another subscription, or the tenant is not the configured one
   */
  tenant(subscription: string, call: Call): Promise<string | null>;
  /**
   * Makes sure that the sizes of these rows are known, as far as the subscription tells.
   * @returns locations whose sizes may not be read
   */
  learnSizes(subscription: string, rows: readonly unknown[], set: unknown, call: Call): Promise<ReadonlySet<string>>;
  size(type: string): Size | null;
  /** Of the subscription's machines, or of the instances of one Uniform scale set; null where they may not be read. */
  addresses(subscription: string, set: string | null, call: Call): Promise<AddressBook | null>;
  /** Forgets scale sets that are gone. */
  keepSets(subscription: string, sets: ReadonlySet<string>): void;
}

type Loader<T> = (call: Call) => Promise<T | null>;

export function openDetails(client: AzureClient, tenant: string | undefined, env: Environment): Details {
  const sizes = new Map<string, Size>();
  const loaders = new Map<string, Loader<unknown>>();

  /** The loader of that name, made once: it holds the last good answer. */
  function once<T>(
    account: string,
    action: string,
    of: string,
    ttlMs: number,
    load: (call: Call) => Promise<T>,
  ): Loader<T> {
    const key = `${account}\n${action}\n${of}`;
    const known = loaders.get(key) as Loader<T> | undefined;
    const loader = known ?? lastGood({ ...env, action, account, ttlMs }, load);
    if (!known) loaders.set(key, loader);
    return loader;
  }

  const read: Details['read'] = (subscription, action, call, page) =>
    pages(subscription, action, call.signal, async (token) => {
      const { rows, next } = await retry(env, call, () => page(token));
      return { items: rows, count: rows.length, next };
    });

  const outerOf = (sub: string, set: string | null) =>
    once(sub, set ? SET_PUBLIC : PUBLIC, set ?? '', 0, async (call) => {
      const found = new Map<string, string>();
      const list = (next: string | undefined) =>
        set ? client.scaleSetPublicAddresses(sub, set, next, call) : client.publicAddresses(sub, next, call);
      for await (const rows of read(sub, set ? SET_PUBLIC : PUBLIC, call, list))
        for (const [id, address] of publicAddressesOf(rows)) found.set(id, address);
      return found;
    });

  const innerOf = (sub: string, set: string | null) =>
    once(sub, set ? SET_INTERFACES : INTERFACES, set ?? '', 0, async (call) => {
      const book: AddressBook = new Map();
      const list = (next: string | undefined) =>
        set ? client.scaleSetInterfaces(sub, set, next, call) : client.interfaces(sub, next, call);
      for await (const rows of read(sub, set ? SET_INTERFACES : INTERFACES, call, list)) enterInterfaces(book, rows);
      // Most scale sets have none, and each would cost a call.
      if (hasAttached(book)) enterPublicAddresses(book, await outerOf(sub, set)(call));
      return book;
    });

  const sizesIn = (sub: string, location: string) =>
    once(sub, SKUS, location, 24 * HOUR, async (call) => {
      for await (const rows of read(sub, SKUS, call, (next) => client.skus(sub, location, next, call)))
        for (const [type, size] of sizesOf(rows)) sizes.set(type, size);
      return true;
    });

  return {
    read,
    size: (type) => sizes.get(type) ?? null,
    tenant: (sub, call) =>
      once(sub, SUBSCRIPTION, '', HOUR, (by) =>
        named(SUBSCRIPTION, async () => ownerOf(await retry(env, by, () => client.subscription(sub, by)), sub, tenant)),
      )(call),
    addresses: (sub, set, call) => innerOf(sub, set)(call),
    async learnSizes(sub, rows, set, call) {
      const missing = new Set<string>();
      for (const row of rows) {
        const vm = flat(row);
        const type = (
          textOf(fields(vm?.hardwareProfile)?.vmSize) ??
          textOf(fields(vm?.sku)?.name) ??
          textOf(fields(flat(set)?.sku)?.name)
        )?.toLowerCase();
        const location = regionOf(vm);
        // A location goes into a filter of the query language.
        if (type && location && !sizes.has(type) && /^[a-z0-9]+$/.test(location)) missing.add(location);
      }
      const denied = new Set<string>();
      for (const location of missing) if ((await sizesIn(sub, location)(call)) === null) denied.add(location);
      return denied;
    },
    keepSets(sub, sets) {
      for (const key of loaders.keys()) {
        const [account, , of] = key.split('\n');
        if (account === sub && of?.startsWith('/') && !sets.has(of)) loaders.delete(key);
      }
    },
  };
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/get; a managing tenant (Lighthouse) counts as an owner. */
function ownerOf(body: unknown, subscription: string, configured: string | undefined): string {
  const about = fields(body);
  const id = textOf(about?.subscriptionId)?.toLowerCase();
  const owner = textOf(about?.tenantId)?.toLowerCase();
  if (!id || !owner) throw unexpected(subscription, 'a subscription with its ids', body);
  if (id !== subscription)
    throw new ProviderError('config', subscription, 'the endpoint answers for another subscription than this one');
  const managers = listOf(about?.managedByTenants).map((by) => textOf(fields(by)?.tenantId)?.toLowerCase());
  if (configured && owner !== configured && !managers.includes(configured))
    throw new ProviderError(
      'config',
      subscription,
      'the subscription belongs to another tenant than the configured one',
    );
  return owner;
}
