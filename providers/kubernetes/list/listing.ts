import type { Batch } from '#lib/model/index.ts';
import type { Call, Environment, ProviderError } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import type { ClusterClient } from '../client/client.ts';
import type { ConnectionSemaphore } from '../clusters/connection-semaphore.ts';
import type { Place } from '../clusters/place.ts';
import { mapObjects, type Part } from '../map/map.ts';
import type { RawPod } from '../map/raw.ts';
import type { Lookups } from './lookups.ts';
import { readPages } from './pages.ts';

export interface Reading {
  client: ClusterClient;
  lookups: Lookups;
  env: Environment;
  place: Place;
  part: Part;
  semaphore: ConnectionSemaphore;
  /** False once the cluster was found with another address or credential: what is open ends at the next opportunity. */
  isCurrent(): boolean;
  /** The connection broke: it is asked who it is before it takes a place of those that live. */
  failed(error: ProviderError): void;
}

/** A listing of one scope and, once it was read to its end, where a watch goes on from. */
export interface Started {
  batches: AsyncGenerator<Batch>;
  /** Opaque; undefined until the listing was read to its end. */
  version(): string | undefined;
}

/** Lists a scope. Pages are mapped and handed on as they come; one that begins the list anew says so. */
export function startListing(reading: Reading, call: Call): Started {
  const { client, lookups, env, place, part } = reading;
  let version: string | undefined;
  async function* batches(): AsyncGenerator<Batch> {
    if (part === 'pods') await lookups.prepare(call);
    let last: string | undefined;
    for await (const page of readPages(client, part, {}, env, call)) {
      if (part === 'pods') await lookups.complete(page.items as RawPod[], call);
      last = page.version;
      const batch = mapObjects(part, page.items, place, lookups);
      yield { ...batch, ...(part === 'pods' ? withDetailErrors(...lookups.errors()) : {}), restart: page.restart };
      call.signal.throwIfAborted();
    }
    version = last;
  }
  return { batches: batches(), version: () => version };
}
