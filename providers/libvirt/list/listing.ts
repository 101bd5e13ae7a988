import type { Batch, DetailField, Scope } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError, withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { retry } from '#providers/kit/retry.ts';
import { mapRows } from '#providers/kit/rows.ts';
import type { Described, Enumeration, LibvirtClient, Wanted } from '../client/client.ts';
import { type Host, hostOf } from '../map/host.ts';
import { toResource } from '../map/map.ts';

export interface Reading {
  client: LibvirtClient;
  env: Environment;
  scope: Scope;
}

/** What the connection has at one moment: the host that answered, its domains and the words of their states. */
export interface Seen extends Enumeration {
  host: Host;
}

/** Rows a batch has at most: each is mapped in one go, some 25 ms. */
const BATCH = 100;

/**
 * Reads which domains there are.
 * @throws ProviderError `config` where another host answers than the scope's: none of its domains may stand under this one
 */
export async function enumerate({ client, env, scope }: Reading, call: Call): Promise<Seen> {
  const seen = await retry(env, call, () => client.enumerate(call));
  return { ...seen, host: sameHost(hostOf(seen, client.uri), scope, client) };
}

export function sameHost(host: Host, scope: Scope, client: LibvirtClient): Host {
  if (host.id === scope.account) return host;
  throw new ProviderError('config', client.uri.place, 'another hypervisor answers than the one that was found here');
}

export const wantedOf = (seen: Seen): Wanted[] =>
  seen.uuids.map((uuid) => {
    const state = seen.states?.get(uuid) ?? null;
    // The words of the others may hide a failure; the reason tells.
    return { uuid, state: state === 'running' ? state : null };
  });

/** What describing some domains came to. */
export interface Rows {
  batches: Batch[];
  /** Asked for, and gone since. */
  vanished: string[];
}

/** Describes domains with one process, and maps each as it comes: only rows are kept, not documents. */
export async function describe(
  { client, env, scope }: Reading,
  host: Host,
  wanted: readonly Wanted[],
  call: Call,
): Promise<Rows> {
  if (wanted.length === 0) return { batches: [], vanished: [] };
  return retry(env, call, async () => {
    const batches: Batch[] = [];
    const silent: Described[] = [];
    let pending: Described[] = [];
    const flush = () => {
      if (pending.length > 0) batches.push(rowsOf(pending, scope, host, env.clock.now()));
      pending = [];
    };
    const present = await client.describe(wanted, call, (domain) => {
      if (domain.xml === null) silent.push(domain);
      else if (pending.push(domain) >= BATCH) flush();
    });
    const stillPresent = new Set(present);
    // virsh says the same of a domain that vanished and of one it could not read; the list behind it tells them apart.
    pending.push(...silent.filter(({ uuid }) => stillPresent.has(uuid)));
    flush();
    return { batches, vanished: silent.filter(({ uuid }) => !stillPresent.has(uuid)).map(({ uuid }) => uuid) };
  });
}

/** What only the leases of a running domain tell. */
const OF_LEASES: readonly DetailField[] = ['addresses', 'identities'];

/** @param now wall time; the store knows since when a call has failed */
function rowsOf(domains: readonly Described[], scope: Scope, host: Host, now: number): Batch {
  const batch = mapRows(
    domains,
    ({ uuid }) => uuid,
    (domain) => toResource(domain, { scope, host }),
    (_, { addresses }) => (addresses === '' ? OF_LEASES : []),
  );
  if (!batch.unknown) return batch;
  const error = new ProviderError('bad-reply', scope.label, 'says nothing of some running domains');
  return {
    ...batch,
    ...withDetailErrors(detailError('virsh domifaddr', OF_LEASES, error, new Date(now).toISOString())),
  };
}

/** Lists all domains with two processes; none where there are none. */
export async function* listDomains(
  reading: Reading,
  call: Call,
  onEnd?: (seen: Seen, batches: readonly Batch[]) => void,
): AsyncGenerator<Batch> {
  const seen = await enumerate(reading, call);
  const { batches } = await describe(reading, seen.host, wantedOf(seen), call);
  for (const batch of batches) {
    yield batch;
    call.signal.throwIfAborted();
  }
  onEnd?.(seen, batches);
}
