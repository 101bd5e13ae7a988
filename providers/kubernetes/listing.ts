import type { Batch } from '#lib/model/index.ts';
import type { Call, Environment } from '../contract.ts';
import { type ClusterClient, PATHS } from './client.ts';
import type { Lookups } from './lookups.ts';
import { mapObjects, type Part } from './map.ts';
import { readPages } from './pages.ts';
import type { Place } from './place.ts';
import type { RawPod } from './raw.ts';

export interface Reading {
  client: ClusterClient;
  lookups: Lookups;
  env: Environment;
  place: Place;
  part: Part;
}

/** A listing of one scope and, once it was read to its end, where a watch goes on from. */
export interface Started {
  batches: AsyncGenerator<Batch>;
  /** Opaque; undefined until the listing was read to its end. */
  version(): string | undefined;
  /** What ended it early. */
  failure(): unknown;
}

/**
 * Lists a scope. Pages are mapped as they come and handed on at the end: a list that expires on the way begins again, and what was
 * handed on of its first version could not be taken back. A listing that fails hands on what it saw before it throws.
 */
export function startListing(reading: Reading, call: Call): Started {
  let version: string | undefined;
  let failure: unknown;
  async function* batches(): AsyncGenerator<Batch> {
    let seen: Batch[] = [];
    try {
      const last = await read(reading, call, {
        restart: () => {
          seen = [];
        },
        batch: (batch) => seen.push(batch),
      });
      for (const batch of seen) {
        yield batch;
        call.signal.throwIfAborted();
      }
      version = last;
    } catch (error) {
      failure = error;
      if (!call.signal.aborted) yield* seen;
      throw error;
    }
  }
  return { batches: batches(), version: () => version, failure: () => failure };
}

async function read(
  { client, lookups, env, place, part }: Reading,
  call: Call,
  sink: { restart(): void; batch(batch: Batch): void },
): Promise<string> {
  if (part === 'pods') await lookups.prepare(call);
  return readPages(client, PATHS[part], {}, env, call, {
    restart: sink.restart,
    page: async (objects) => {
      if (part === 'pods') await lookups.complete(objects as RawPod[], call);
      sink.batch(mapObjects(part, objects, place, lookups));
    },
  });
}
