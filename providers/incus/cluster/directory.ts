import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { createDetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { each } from '#providers/kit/each.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { type IncusClient, MEMBERS } from '../client/client.ts';
import { memberNameOf } from '../map/map-member.ts';
import { serverOf } from '../map/server.ts';
import { type Cluster, createCluster, membersIn } from './cluster.ts';

/** Who answers at an address, and what belongs to it. */
interface Identity {
  account: string;
  /** Of the server, where it is in no cluster; else null. */
  alone: string | null;
  /** By name; null where it is in no cluster, or does not say. */
  members: readonly string[] | null;
  /** Where they listen: `10.0.0.5:8443`. */
  addresses: readonly string[];
}

/** A cluster or server that has said who it is, now or before; or an address where nobody ever has. */
export type Found = { cluster: Cluster; identity: Identity } | { cluster: null; host: string };

export interface Directory {
  discover(call: Call): Promise<Found[]>;
  /** Asks an address of which nothing is known once more. @throws why it does not answer */
  retry(host: string, call: Call): Promise<void>;
  find(account: string, call: Call): Promise<Cluster>;
  close(): void;
}

/** Addresses that are asked at once. */
const AT_ONCE = 8;

export function createDirectory(clients: readonly IncusClient[], env: Environment): Directory {
  const clusters = new Map<string, Cluster>();
  const calls = createDetailCalls(env);
  const known = new Map<string, Identity>();

  function clusterOf(account: string, client: IncusClient): Cluster {
    const cluster = clusters.get(account) ?? createCluster(account, client, env);
    clusters.set(account, cluster);
    cluster.add(client);
    return cluster;
  }

  async function identify(client: IncusClient, call: Call): Promise<Identity> {
    const server = serverOf(await retry(env, call, () => client.server(call)), client.host);
    call.signal.throwIfAborted();
    const told = server.clustered ? await membersOf(client, call) : null;
    if (told instanceof ProviderError) {
      // Who is not allowed to see them (any more) has one scope; where they fail for a while, those of before still are.
      const before = told.kind === 'permission' ? null : await remembered(client, call);
      const kept = before?.account === server.account;
      env.log.warn('detail.unavailable', { action: MEMBERS, account: server.account, kind: told.kind, kept });
      if (kept) return before;
    }
    const rows = told instanceof ProviderError ? null : told;
    const identity: Identity = {
      account: server.account,
      alone: server.clustered ? null : server.name,
      members: rows?.map(memberNameOf).filter((name) => name !== null) ?? null,
      addresses: (rows ?? []).map((row) => URL.parse(asString(asRecord(row)?.url) ?? '')?.host ?? '').filter(Boolean),
    };
    known.set(client.host, identity);
    // Discovery does not wait for it; a store that fails says so itself.
    env.cache
      ?.set(keyOf(client.host), {
        ...identity,
        members: rows && [...(identity.members ?? [])],
        addresses: [...identity.addresses],
      })
      .catch(() => undefined);
    return identity;
  }

  /** What they are not told by holds up no instance: without them the instances are one scope. */
  async function membersOf(client: IncusClient, call: Call): Promise<readonly unknown[] | ProviderError> {
    const answer = await calls.attempt(client.host, call, async (inner) =>
      membersIn(await retry(env, inner, () => client.members(inner)), client.host),
    );
    return answer instanceof ProviderError ? answer : answer.value;
  }

  /** From before, also from an earlier process: who is down says who it is no more. */
  async function remembered(client: IncusClient, call: Call): Promise<Identity | null> {
    const now = known.get(client.host);
    if (now || !env.cache) return now ?? null;
    const kept = await abortable(
      env.cache.get(keyOf(client.host)).catch(() => undefined),
      call.signal,
    );
    return identityOf(kept);
  }

  return {
    async discover(call) {
      const answers = new Map<IncusClient, Identity | null>();
      const asked = each(clients, AT_ONCE, async (client) => {
        try {
          answers.set(client, await identify(client, call));
        } catch (error) {
          call.signal.throwIfAborted();
          if (!(error instanceof ProviderError)) throw error;
          answers.set(client, await remembered(client, call));
        }
      });
      for await (const _ of asked) call.signal.throwIfAborted();
      const found = new Map<string, Found>();
      for (const client of clients) {
        const identity = answers.get(client);
        if (identity) {
          const cluster = clusterOf(identity.account, client);
          if (!found.has(identity.account)) found.set(identity.account, { cluster, identity });
        }
      }
      for (const client of clients) {
        if (answers.get(client)) continue;
        // A member of a cluster that another one has told of is known, though it does not answer itself.
        const address = URL.parse(client.host)?.host ?? '';
        const of = [...found.values()].find((one) => one.cluster !== null && one.identity.addresses.includes(address));
        if (of?.cluster) of.cluster.add(client);
        else found.set(client.host, { cluster: null, host: client.host });
      }
      return [...found.values()];
    },
    async retry(host, call) {
      const client = clients.find((one) => one.host === host);
      if (!client) throw new ProviderError('config', host, 'no server of this source has this address');
      await identify(client, call);
    },
    async find(account, call) {
      const cluster = clusters.get(account);
      if (cluster) return cluster;
      // Whoever answers there is asked who it is, whatever is asked first.
      const [only] = clients;
      if (only && clients.length === 1) return clusterOf(account, only);
      let failure: unknown = null;
      for (const client of clients) {
        const identity = await identify(client, call).catch((error: unknown) => {
          call.signal.throwIfAborted();
          failure ??= error;
          return remembered(client, call);
        });
        if (identity?.account === account) return clusterOf(account, client);
      }
      throw failure ?? new ProviderError('config', account.slice(0, 12), 'no server of this source belongs to it');
    },
    close() {
      calls.close();
      for (const cluster of clusters.values()) cluster.close();
    },
  };
}

const keyOf = (host: string): string => `server/${host}`;

function identityOf(kept: unknown): Identity | null {
  const stored = asRecord(kept);
  const account = asString(stored?.account);
  if (!stored || account === null) return null;
  const texts = (list: unknown): string[] => asArray(list).filter((item): item is string => typeof item === 'string');
  return {
    account,
    alone: asString(stored.alone),
    members: Array.isArray(stored.members) ? texts(stored.members) : null,
    addresses: texts(stored.addresses),
  };
}
