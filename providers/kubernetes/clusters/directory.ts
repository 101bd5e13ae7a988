import { type Call, type DiscoveryCall, type Environment, ProviderError } from '#providers/contract.ts';
import type { ClusterClient } from '../client/client.ts';
import type { Lookups } from '../list/lookups.ts';
import type { Part } from '../map/map.ts';
import { createChannel } from './channel.ts';
import type { ConnectionSemaphore } from './connection-semaphore.ts';
import { createInquiry } from './inquiry.ts';
import type { Member, Members } from './members.ts';
import { recognise } from './recognise.ts';

/** A cluster by its uid, and the member that speaks for it. */
export interface Known {
  uid: string;
  member: Member;
  client: ClusterClient;
  lookups: Lookups;
  /** What the cluster is called, whichever of its members is asked. */
  name: string;
}

/** What a discovery says: a cluster that has said who it is, now or before; or one that never has. */
export interface DiscoveredCluster {
  uid: string | null;
  member: Member;
}

/** Which cluster each member is. */
export interface Directory {
  /**
   * The member that leads to a cluster and was not refused this part of it, asked who it is: an address may lead somewhere else than it did.
   * @throws ProviderError `config` where none does any more, or what asking threw
   */
  find(uid: string, call: Call, part?: Part): Promise<Known>;
  /** This member may not list this part: from now on another one that leads there is asked for it first. */
  refused(member: Member, part: Part): void;
  /** Waits until the cluster may take one of the places for those that live: until it has answered, if it failed last time. */
  waitUntilReady(uid: string, call: Call): Promise<void>;
  /** Every cluster as soon as it has said who it is, then those that have not. Throws at the end where a source has not told all. */
  discover(call: DiscoveryCall): AsyncGenerator<DiscoveredCluster>;
  /** Asks a member that could not be identified. @throws what asking threw */
  retry(id: string, call: Call): Promise<void>;
}

/**
 * A cluster is the uid of its kube-system namespace. Members that lead to one cluster are one; a cluster that was known and is out of
 * reach stays known, so that its scopes say so instead of vanishing.
 */
export function createDirectory(members: Members, semaphore: ConnectionSemaphore, env: Environment): Directory {
  const inquiry = createInquiry(semaphore, env);
  /** Who speaks for a cluster stays the same while it leads there and answers. */
  const activeMembers = new Map<string, Member>();
  /** Two contexts of one cluster may be allowed different things. */
  const refusals = new Map<Part, Set<Member>>();
  /** Until then a cluster that nothing leads to may just not have been looked for. */
  let discovered = false;
  /** Why the last discovery did not see all. */
  let gap: ProviderError | null = null;

  function leadingTo(uid: string): Member[] {
    const leading = [...members.all()].filter((member) => member.uid === uid);
    const activeMember = activeMembers.get(uid);
    return activeMember && leading.includes(activeMember)
      ? [activeMember, ...leading.filter((member) => member !== activeMember)]
      : leading;
  }

  /** Those that may list the part before those that were refused. */
  function willing(members: readonly Member[], part: Part | undefined): readonly Member[] {
    const refused = part && refusals.get(part);
    return refused ? members.toSorted((a, b) => Number(refused.has(a)) - Number(refused.has(b))) : members;
  }

  /** Asks them one after the other until one says that it is this cluster. */
  async function among(
    candidates: readonly Member[],
    uid: string,
    call: Call,
  ): Promise<{ found: Known | null; error: ProviderError | null }> {
    let first: ProviderError | null = null;
    for (const member of candidates) {
      try {
        await inquiry.ask(member, call);
        if (member.uid !== uid || !('client' in member.access)) continue;
        const before = activeMembers.get(uid);
        // One that only was refused something still names the cluster.
        const activeMember = before?.current && before.uid === uid && !before.failure ? before : member;
        activeMembers.set(uid, activeMember);
        return { found: { uid, member, ...member.access, name: activeMember.name }, error: null };
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        first ??= error;
      }
    }
    return { found: null, error: first };
  }

  const directory: Directory = {
    refused(member, part) {
      const refused = refusals.get(part) ?? new Set<Member>();
      refusals.set(part, refused.add(member));
      const leading = member.uid === null ? [] : leadingTo(member.uid);
      // Nobody is left: all are asked again, in turn.
      if (leading.every((one) => refused.has(one))) for (const one of leading) refused.delete(one);
    },
    async find(uid, call, part) {
      call.signal.throwIfAborted();
      const leading = willing(leadingTo(uid), part);
      const { found, error } = await among(leading, uid, call);
      if (found) return found;
      if (error) throw error;
      if (leading.length > 0) {
        // All of them lead elsewhere by now: they may have been exchanged with others.
        const others = [...members.all()].filter((member) => member.uid !== null && !leading.includes(member));
        const exchanged = await among(others, uid, call);
        if (exchanged.found) return exchanged.found;
      }
      if (gap) {
        const why = `nothing leads to this cluster now, and not all could be looked for: ${gap.message}`;
        throw new ProviderError(gap.kind, env.source, why, { cause: gap });
      }
      const reason = 'nothing leads to this cluster any more; it was replaced, renamed or removed';
      throw new ProviderError('config', env.source, reason);
    },
    async waitUntilReady(uid, call) {
      let first: ProviderError | null = null;
      if (!discovered && leadingTo(uid).length === 0)
        for await (const cluster of directory.discover(call)) {
          if (cluster.uid === uid) return;
          if (cluster.uid === null) first ??= cluster.member.failure;
        }
      for (const member of leadingTo(uid)) {
        if (!member.failure) return;
        try {
          return await inquiry.identify(member, call);
        } catch (error) {
          call.signal.throwIfAborted();
          if (!(error instanceof ProviderError)) throw error;
          first ??= error;
        }
      }
      if (first) throw first;
    },
    async retry(id, call) {
      const member = members.get(id);
      if (!member) throw new ProviderError('config', env.source, `${id} is not found any more`);
      await inquiry.identify(member, call);
    },
    async *discover(call) {
      const settled = createChannel<Member>();
      const attempts: Promise<void>[] = [];
      let incomplete: ProviderError | null = null;
      const identify = (member: Member) =>
        inquiry
          .identify(member, call)
          .catch((error: unknown) => {
            call.signal.throwIfAborted();
            if (!(error instanceof ProviderError)) throw error;
          })
          .then(() => settled.push(member))
          .catch((error: unknown) => settled.end(error));
      const reading = async () => {
        try {
          for await (const member of members.read(call)) attempts.push(identify(member));
        } catch (error) {
          call.signal.throwIfAborted();
          if (!(error instanceof ProviderError)) throw error;
          incomplete = error;
        }
        await Promise.all(attempts);
      };
      reading().then(
        () => settled.end(),
        (error: unknown) => settled.end(error),
      );

      const reported = new Set<string>();
      const strangers: Member[] = [];
      function* emit(member: Member, uid: string): Generator<DiscoveredCluster> {
        if (reported.has(uid)) {
          env.log.info('cluster.twice', { context: member.id, cluster: activeMembers.get(uid)?.name });
          return;
        }
        reported.add(uid);
        const before = activeMembers.get(uid);
        const stays = before?.current && before.uid === uid && (!before.failure || member.failure);
        const activeMember = stays ? before : member;
        activeMembers.set(uid, activeMember);
        yield { uid, member: activeMember };
      }
      for await (const member of settled) {
        if (member.uid !== null && !member.assumed) yield* emit(member, member.uid);
        else strangers.push(member);
      }
      const recognised = recognise(strangers, reported, call.known ?? []);
      for (const member of strangers) {
        member.uid = recognised.get(member) ?? null;
        if (member.uid !== null) yield* emit(member, member.uid);
        else yield { uid: null, member };
      }
      // Who spoke for a cluster that is gone is kept for nothing, with all that it has looked up.
      for (const uid of activeMembers.keys()) if (!reported.has(uid)) activeMembers.delete(uid);
      for (const refused of refusals.values())
        for (const member of refused) if (!member.current) refused.delete(member);
      gap = incomplete;
      discovered = true;
      if (incomplete) throw incomplete;
    },
  };
  return directory;
}
