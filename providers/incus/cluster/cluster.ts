import type { DetailField, JsonValue } from '#lib/model/index.ts';
import { createNotifier } from '#lib/runtime/notifier.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { createDetailCalls, type Detail } from '#providers/kit/details/stale-if-error.ts';
import { asAmount, asArray, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { type IncusClient, MEMBERS, RESOURCES, SERVER } from '../client/client.ts';
import { createFeeds, type Feeds } from '../list/feed.ts';
import { createShared, type Shared } from '../list/shared-list.ts';
import { aloneAs } from '../map/map-member.ts';
import { type Hardware, hardwareOf, OF_RESOURCES } from '../map/resources.ts';
import { type Place, type Server, serverOf } from '../map/server.ts';
import type { Ways } from './ways.ts';

/** What a machine has changes when it is opened. */
const HARDWARE_MS = 3_600_000;
/** What the mapping makes of it: a member's capacity, and what is set as a part of its memory. */
const FIELDS: readonly DetailField[] = [...OF_RESOURCES, 'limits'];

/** One cluster, or one server that is in none, by all the ways that lead to it. */
export interface Cluster extends Ways {
  readonly account: string;
  readonly feeds: Feeds;
  readonly lists: Shared;
  /** One more address of it. */
  add(client: IncusClient): void;
  /**
   * Who answers now.
   * @throws ProviderError `config` where it is another one
   */
  place(call: Call): Promise<Place>;
  /** Members as the API lists them; of a server that is in no cluster itself. */
  members(place: Place, call: Call): Promise<readonly unknown[]>;
  /** The same beside a list of instances, which say themselves where they are: whether a member is offline. */
  readonly roster: Detail<readonly unknown[]>;
  hardware(member: string, server: Server): Detail<Hardware>;
  renew(): void;
  close(): void;
}

export function createCluster(account: string, first: IncusClient, env: Environment): Cluster {
  const clients = [first];
  const calls = createDetailCalls(env);
  const details = new Map<string, Detail<Hardware>>();
  let current = 0;

  async function use<T>(ask: (client: IncusClient) => Promise<T>): Promise<T> {
    let failure: unknown = null;
    const start = current;
    for (let turn = 0; turn < clients.length; turn++) {
      const at = (start + turn) % clients.length;
      const client = clients[at];
      if (!client) break;
      try {
        const answer = await ask(client);
        current = at;
        return answer;
      } catch (error) {
        failure ??= error;
        if (!(error instanceof ProviderError) || !UNREACHED.has(error.kind)) throw error;
      }
    }
    throw failure;
  }

  const renew = () => {
    for (const client of clients) client.renew();
  };
  const ways: Ways = { env, broken: createNotifier(), use };
  const lists = createShared(ways);
  const askMembers = (call: Call) =>
    retry(env, call, () => use(async (client) => membersIn(await client.members(call), client.host)));
  return {
    ...ways,
    account,
    feeds: createFeeds(ways),
    lists,
    add(client) {
      if (!clients.includes(client)) clients.push(client);
    },
    place: (call) =>
      retry(env, call, () =>
        use(async (client) => {
          const server = serverOf(await client.server(call), client.host);
          if (server.account !== account)
            throw new ProviderError(
              'config',
              client.host,
              `another server answers than the one that was found here: its certificate is ${server.account.slice(0, 12)}…, not ${account.slice(0, 12)}…`,
            ).of(SERVER);
          return { server, machine: client.local ? (env.machine?.() ?? null) : null };
        }),
      ),
    async members({ server }, call) {
      if (!server.clustered) return [aloneAs(server)];
      return askMembers(call);
    },
    roster: calls.of({ call: MEMBERS, account, fields: [], ttlMs: 0, renew }, askMembers),
    hardware(member, server) {
      const known = details.get(member);
      if (known) return known;
      const detail = calls.of<Hardware>(
        {
          call: RESOURCES,
          account,
          fields: FIELDS,
          ttlMs: HARDWARE_MS,
          renew,
          keep: { key: `resources/${account}/${member}`, encode: (value) => ({ ...value }), decode: decoded },
        },
        (call) =>
          use(async (client) =>
            hardwareOf(await client.resources(server.clustered ? member : null, call), client.host),
          ),
      );
      details.set(member, detail);
      return detail;
    },
    renew,
    close() {
      calls.close();
      lists.close();
    },
  };
}

const UNREACHED: ReadonlySet<ProviderError['kind']> = new Set(['network', 'timeout']);

/** @throws ProviderError `bad-reply` for what is no list of members */
export function membersIn(answer: unknown, place: string): readonly unknown[] {
  const members = asArray(answer);
  // A cluster without a member would not answer.
  if (members.length === 0) throw unexpected(place, 'a list of members', answer).of(MEMBERS);
  return members;
}

function decoded(kept: JsonValue): Hardware | null {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return null;
  return {
    cpus: asAmount(kept.cpus),
    memory: asAmount(kept.memory),
    uuid: asString(kept.uuid),
    physical: kept.physical === true,
  };
}
