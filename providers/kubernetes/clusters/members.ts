import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import type { ClusterClient } from '../client/client.ts';
import { createLookups, type Lookups } from '../list/lookups.ts';
import { createChannel } from './channel.ts';
import type { ClusterSource, FoundCluster, UsableCluster } from './cluster-source.ts';

/** A cluster that was found, with what is known of it. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How to reach it, or why it may not be reached. */
  readonly access: { client: ClusterClient; lookups: Lookups } | { problem: ProviderError };
  /** uid of kube-system, as it last said; null while it never has. */
  uid: string | null;
  /** It has not said so itself: it was known by this uid under its name, or before it was found with another credential. */
  assumed: boolean;
  /** Why it could not be asked last time. */
  failure: ProviderError | null;
  /** Failures in a row. */
  failures: number;
  /** Monotonic; when it last said who it is. */
  answeredAt: number;
  /** Monotonic; a dead one is not asked before. */
  restsUntil: number;
  /** False once it was found with another address or credential, or not at all. */
  current: boolean;
}

/** The clusters of a source, as last found. */
export interface Members {
  /** Those that were found and not lost since. */
  all(): Iterable<Member>;
  get(id: string): Member | undefined;
  /** Asks the sources anew; each member as it is found. Throws at the end where a source has not told all, naming it. */
  read(call: Call): AsyncGenerator<Member>;
  close(): Promise<void>;
}

const memberOf = (found: Pick<Member, 'id' | 'name' | 'labels' | 'access'>, uid: string | null): Member => ({
  ...found,
  uid,
  assumed: true,
  failure: 'problem' in found.access ? found.access.problem : null,
  failures: 0,
  answeredAt: Number.NEGATIVE_INFINITY,
  restsUntil: Number.NEGATIVE_INFINITY,
  current: true,
});

async function closed(members: readonly Member[]): Promise<void> {
  await Promise.all(
    members.map(({ access }) => {
      if (!('client' in access)) return undefined;
      access.lookups.close();
      return access.client.close();
    }),
  );
}

/** Clients that are always the same: the mock's. */
export function fixedMembers(clients: readonly ClusterClient[], env: Environment): Members {
  const members = clients.map((client) => {
    const access = { client, lookups: createLookups(client, env) };
    return memberOf({ id: client.context, name: client.name, labels: {}, access }, null);
  });
  return {
    all: () => members,
    get: (id) => members.find((member) => member.id === id),
    async *read() {
      yield* members;
    },
    close: () => closed(members),
  };
}

/**
 * What the cluster sources find. A cluster that is found as it was keeps its connections; one with another address or credential gets new
 * ones, and the old are closed at the next reading, when nobody reads from them any more.
 */
export function foundMembers(
  sources: readonly ClusterSource[],
  connect: (cluster: UsableCluster) => ClusterClient,
  env: Environment,
): Members {
  interface Entry {
    member: Member;
    revision: string;
    from: ClusterSource;
  }
  const entries = new Map<string, Entry>();
  let retired: Member[] = [];

  function retire(member: Member): void {
    member.current = false;
    retired.push(member);
  }

  function admit(found: FoundCluster, from: ClusterSource): Member {
    const { id, name, labels } = found;
    const known = entries.get(id);
    const revision = [name, 'problem' in found ? found.problem.message : found.revision].join('\n');
    if (known?.revision === revision) return known.member;
    if (known && 'problem' in found && found.passing && 'client' in known.member.access) return known.member;
    if (known) retire(known.member);
    const access = 'problem' in found ? { problem: found.problem } : usable(found);
    // The same context with a new credential is most likely the same cluster; asking tells.
    const member = memberOf({ id, name, labels, access }, known?.member.uid ?? null);
    entries.set(id, { member, revision, from });
    return member;
  }

  function usable(found: UsableCluster): { client: ClusterClient; lookups: Lookups } {
    const client = connect(found);
    if (found.insecure) env.log.warn('cluster.certificate-not-verified', { context: found.id });
    return { client, lookups: createLookups(client, env) };
  }

  return {
    *all() {
      for (const { member } of entries.values()) yield member;
    },
    get: (id) => entries.get(id)?.member,
    async *read(call) {
      const old = retired;
      retired = [];
      closed(old).catch(() => undefined);
      const channel = createChannel<Member>();
      const problems: ProviderError[] = [];
      const readOne = async (source: ClusterSource): Promise<void> => {
        const seen = new Set<string>();
        try {
          for await (const found of source.discover(call)) {
            call.signal.throwIfAborted();
            if (seen.has(found.id)) continue;
            seen.add(found.id);
            channel.push(admit(found, source));
          }
        } catch (error) {
          call.signal.throwIfAborted();
          if (!(error instanceof ProviderError)) throw error;
          problems.push(error);
          return;
        }
        for (const [id, { member, from }] of entries)
          if (from === source && !seen.has(id)) {
            entries.delete(id);
            retire(member);
          }
      };
      Promise.all(sources.map(readOne)).then(
        () => channel.end(),
        (error: unknown) => channel.end(error),
      );
      yield* channel;
      const [first, ...more] = problems;
      if (first && more.length === 0) throw first;
      if (first)
        throw new ProviderError(first.kind, env.source, problems.map(({ message }) => message).join('; '), {
          cause: first,
        });
    },
    async close() {
      const all = [...retired, ...[...entries.values()].map(({ member }) => member)];
      retired = [];
      entries.clear();
      await Promise.all([closed(all), ...sources.map((source) => source.close?.())]);
    },
  };
}
