import type { DetailError, DetailField } from '#lib/model/index.ts';
import { portalOf } from '#providers/clouds/azure/portal.ts';
import { keptSizes, type Sizes } from '#providers/kit/details/kept-sizes.ts';
import {
  type Answer,
  createDetailCalls,
  type Detail,
  type DetailOptions,
} from '#providers/kit/details/stale-if-error.ts';
import { named } from '#providers/kit/wire/named.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Call, Environment } from '../contract.ts';
import { ProviderError } from '../contract.ts';
import { asArray, asRecord, asString } from '../kit/read.ts';
import { retry } from '../kit/retry.ts';
import type { ArmPage, AzureClient } from './client.ts';
import type { AzureConfig } from './config.ts';
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
/** Longer than it takes a location to answer with its sizes; the rows do not wait for so long. */
const SLOW_MS = 180_000;

/** What only the SKUs know of a machine. */
export const OF_SIZE: readonly DetailField[] = ['vcpus', 'memory'];
const OF_INTERFACE: readonly DetailField[] = ['addresses', 'mappedAddresses', 'identities'];
const OF_PUBLIC: readonly DetailField[] = ['mappedAddresses', 'identities'];

/** Addresses of machines, and why those of their interfaces, or the public ones beside these, are not of now. */
export interface KnownAddresses {
  book: AddressBook | null;
  inner: DetailError | null;
  outer: DetailError | null;
}

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
   * The tenant that owns a subscription; null where that is not known.
   * @throws ProviderError `config` where the credential answers for another subscription, or the tenant is not the configured one
   */
  tenant(subscription: string, call: Call): Promise<Answer<string>>;
  /**
   * Makes sure that the sizes of these rows are known, as far as the subscription tells.
   * @returns by location, why its sizes could not be read
   */
  learnSizes(
    subscription: string,
    rows: readonly unknown[],
    set: unknown,
    call: Call,
  ): Promise<ReadonlyMap<string, DetailError>>;
  size(type: string): Size | null;
  /** Host of the cloud's portal, null where none is known. */
  readonly portal: string | null;
  /** Of the subscription's machines, or of the instances of one Uniform scale set. */
  addresses(subscription: string, set: string | null, call: Call): Promise<KnownAddresses>;
  /** Forgets scale sets that are gone. */
  keepSets(subscription: string, sets: ReadonlySet<string>): void;
  close(): void;
}

/**
 * Tenants and sizes outlive the process. Address books do not: they are as large as the subscription and change with every machine,
 * and what a row had before is kept in the store anyway.
 */
export function openDetails(
  client: AzureClient,
  { tenant, endpoint }: Pick<AzureConfig, 'tenant' | 'endpoint'>,
  env: Environment,
): Details {
  const sizes = new Map<string, Size>();
  const calls = createDetailCalls(env);
  const details = new Map<string, Detail<unknown>>();

  /** The call of that name, made once: it holds the last good answer. @param of a location or the id of a scale set */
  function once<T>(
    options: Omit<DetailOptions<T>, 'renew'>,
    of: string,
    load: (call: Call, heartbeat: () => void) => Promise<T>,
  ): Detail<T> {
    const key = `${options.account}\n${options.call}\n${of}`;
    const known = details.get(key) as Detail<T> | undefined;
    const detail = known ?? calls.of({ ...options, renew: () => client.renew() }, load);
    if (!known) details.set(key, detail);
    return detail;
  }

  const read = (
    subscription: string,
    action: string,
    call: Call,
    page: (next: string | undefined) => Promise<ArmPage>,
    heartbeat: () => void = () => undefined,
  ) =>
    pages(subscription, action, call.signal, async (token) => {
      const { rows, next } = await retry(env, call, () => page(token));
      heartbeat();
      return { items: rows, count: rows.length, next };
    });

  const outerOf = (sub: string, set: string | null) =>
    once(
      {
        call: set ? SET_PUBLIC : PUBLIC,
        account: sub,
        fields: OF_PUBLIC,
        ttlMs: 0,
      },
      set ?? '',
      async (call, heartbeat) => {
        const found = new Map<string, string>();
        const list = (next: string | undefined) =>
          set ? client.scaleSetPublicAddresses(sub, set, next, call) : client.publicAddresses(sub, next, call);
        for await (const rows of read(sub, set ? SET_PUBLIC : PUBLIC, call, list, heartbeat))
          for (const [id, address] of publicAddressesOf(rows)) found.set(id, address);
        return found;
      },
    );

  const innerOf = (sub: string, set: string | null) =>
    once(
      {
        call: set ? SET_INTERFACES : INTERFACES,
        account: sub,
        fields: OF_INTERFACE,
        ttlMs: 0,
      },
      set ?? '',
      async (call, heartbeat) => {
        const book: AddressBook = new Map();
        const list = (next: string | undefined) =>
          set ? client.scaleSetInterfaces(sub, set, next, call) : client.interfaces(sub, next, call);
        for await (const rows of read(sub, set ? SET_INTERFACES : INTERFACES, call, list, heartbeat))
          enterInterfaces(book, rows);
        return book;
      },
    );

  const sizesIn = (sub: string, location: string) =>
    once<Sizes>(
      {
        call: SKUS,
        account: sub,
        fields: OF_SIZE,
        ttlMs: 24 * HOUR,
        limitMs: SLOW_MS,
        keep: { key: `${SKUS} ${location}`, ...keptSizes },
      },
      location,
      async (call, heartbeat) => {
        const found = new Map<string, Size>();
        for await (const rows of read(sub, SKUS, call, (next) => client.skus(sub, location, next, call), heartbeat))
          for (const [type, size] of sizesOf(rows)) found.set(type, size);
        return found;
      },
    );

  return {
    read,
    portal: portalOf(endpoint),
    size: (type) => sizes.get(type) ?? null,
    tenant: (sub, call) =>
      once(
        {
          call: SUBSCRIPTION,
          account: sub,
          fields: ['consoleUrl'],
          ttlMs: HOUR,
          fatal: ['config'],
          keep: { key: `${SUBSCRIPTION} ${sub}`, encode: (id: string) => id, decode: asString },
        },
        '',
        (by) =>
          named(SUBSCRIPTION, async () =>
            ownerOf(await retry(env, by, () => client.subscription(sub, by)), sub, tenant),
          ),
      ).ask(call),
    async addresses(sub, set, call) {
      const inner = await innerOf(sub, set).ask(call);
      // Most scale sets have none, and each would cost a call.
      const known = { book: inner.value, inner: inner.error, outer: null };
      if (!known.book || !hasAttached(known.book)) return known;
      const outer = await outerOf(sub, set).ask(call);
      enterPublicAddresses(known.book, outer.value, outer.error !== null);
      return { ...known, outer: outer.error };
    },
    async learnSizes(sub, rows, set, call) {
      const locations = new Set<string>();
      for (const row of rows) {
        const vm = flat(row);
        const type = (
          asString(asRecord(vm?.hardwareProfile)?.vmSize) ??
          asString(asRecord(vm?.sku)?.name) ??
          asString(asRecord(flat(set)?.sku)?.name)
        )?.toLowerCase();
        const location = regionOf(vm);
        // A location goes into a filter of the query language.
        if (!type || !location || !/^[a-z0-9]+$/.test(location)) continue;
        // While it fails, what is known may be of an earlier process.
        if (!sizes.has(type) || sizesIn(sub, location).error) locations.add(location);
      }
      const failed = new Map<string, DetailError>();
      const learn = async (location: string) => {
        const { value, error } = await sizesIn(sub, location).ask(call);
        if (value) for (const [type, size] of value) if (!error || !sizes.has(type)) sizes.set(type, size);
        if (error) failed.set(location, error);
      };
      // Each takes its time: together they take no more than one.
      await Promise.all([...locations].map(learn));
      return failed;
    },
    keepSets(sub, sets) {
      for (const key of details.keys()) {
        const [account, , of] = key.split('\n');
        if (account === sub && of?.startsWith('/') && !sets.has(of)) details.delete(key);
      }
    },
    close: () => calls.close(),
  };
}

/** https://learn.microsoft.com/rest/api/resources/subscriptions/get; a managing tenant (Lighthouse) counts as an owner. */
function ownerOf(body: unknown, subscription: string, configured: string | undefined): string {
  const about = asRecord(body);
  const id = asString(about?.subscriptionId)?.toLowerCase();
  const owner = asString(about?.tenantId)?.toLowerCase();
  if (!id || !owner) throw unexpected(subscription, 'a subscription with its ids', body);
  if (id !== subscription)
    throw new ProviderError('config', subscription, 'the endpoint answers for another subscription than this one');
  const managers = asArray(about?.managedByTenants).map((by) => asString(asRecord(by)?.tenantId)?.toLowerCase());
  if (configured && owner !== configured && !managers.includes(configured))
    throw new ProviderError(
      'config',
      subscription,
      'the subscription belongs to another tenant than the configured one',
    );
  return owner;
}
