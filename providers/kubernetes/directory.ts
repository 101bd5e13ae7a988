import { type Call, type Environment, ProviderError } from '../contract.ts';
import type { ClusterClient } from './client.ts';
import { createLookups, type Lookups } from './lookups.ts';

export interface Known {
  client: ClusterClient;
  lookups: Lookups;
  uid: string;
}

/** Which cluster each context leads to. */
export interface Directory {
  /**
   * The client that leads to a cluster, asked who it is: a context may lead somewhere else than it did.
   * @throws ProviderError `config` where none does any more, or what asking threw
   */
  find(uid: string, call: Call): Promise<Known>;
  /** Every cluster as soon as it has said who it is; at the end throws, naming them, if some never have. */
  discover(call: Call): AsyncGenerator<Known>;
}

/**
 * A cluster is the uid of its kube-system namespace. Contexts that lead to one cluster are one; a cluster that was known and is out of
 * reach stays known, so that its scopes say so instead of vanishing.
 */
export function createDirectory(clients: readonly ClusterClient[], env: Environment): Directory {
  const known = new Map<string, Known>();
  const uidOf = new Map<ClusterClient, string>();

  async function identify(client: ClusterClient, call: Call): Promise<{ client: ClusterClient; error: unknown }> {
    try {
      uidOf.set(client, await askedAgain(client, call));
      return { client, error: null };
    } catch (error) {
      call.signal.throwIfAborted();
      return { client, error };
    }
  }

  /** Only a throttled cluster is asked again: all others wait for the slowest, and the next discovery is never far. */
  async function askedAgain(client: ClusterClient, call: Call): Promise<string> {
    try {
      return await client.uid(call);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'rate-limit') throw error;
      await env.clock.sleep(Math.min(error.retryAfterMs ?? 1000, 10_000), call.signal);
      return client.uid(call);
    }
  }

  const directory: Directory = {
    async find(uid, call) {
      call.signal.throwIfAborted();
      const before = known.get(uid);
      if (before) {
        const now = await askedAgain(before.client, call);
        uidOf.set(before.client, now);
        if (now === uid) return before;
      }
      for await (const found of directory.discover(call)) if (found.uid === uid) return found;
      throw new ProviderError(
        'config',
        env.source,
        'no context leads to this cluster any more; it was replaced or renamed',
      );
    },
    async *discover(call) {
      const pending = new Map(clients.map((client) => [client, identify(client, call)]));
      const told = new Set<string>();
      const failed: ProviderError[] = [];
      while (pending.size > 0) {
        const { client, error } = await Promise.race(pending.values());
        pending.delete(client);
        if (error !== null && !(error instanceof ProviderError)) throw error;
        const uid = uidOf.get(client);
        if (uid === undefined) {
          if (error) failed.push(error);
          continue;
        }
        if (told.has(uid)) {
          env.log.info('cluster.twice', { context: client.context, cluster: known.get(uid)?.client.name });
          continue;
        }
        told.add(uid);
        const before = known.get(uid);
        // Which context speaks for a cluster stays as it is while that context still leads there.
        const speaks =
          before && uidOf.get(before.client) === uid ? before : { client, uid, lookups: createLookups(client, env) };
        known.set(uid, speaks);
        if (speaks.client.insecure)
          env.log.warn('cluster.certificate-not-verified', { context: speaks.client.context });
        yield speaks;
      }
      const first = failed[0];
      if (first && failed.length === 1) throw first;
      if (first) {
        const places = failed.slice(0, 5).map((error) => error.place.replace(/^cluster /, ''));
        const more = failed.length > 5 ? ' and others' : '';
        throw new ProviderError(
          first.kind,
          env.source,
          `${failed.length} of ${clients.length} clusters could not be identified: ${places.join(', ')}${more}; the first: ${first.message}`,
          { cause: first },
        );
      }
    },
  };
  return directory;
}
