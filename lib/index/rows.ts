import type { Item } from '#lib/api/resources.ts';
import type { Compared, Named } from '#lib/api/stack.ts';
import type { Member } from '#lib/linking/port.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore, StoredResource } from '#lib/store/port.ts';
import { GONE } from './columns/columns.ts';
import { UNSET } from './columns/dictionary.ts';
import type { Engine } from './engine.ts';
import type { Standpoint } from './item.ts';
import { toItem } from './item.ts';

type Host = NonNullable<Item['host']>;
type HostName = Pick<Host, 'name' | 'kind'>;

/** A row that stands for one whose texts are still to be read: what is made of it is thrown away. */
const UNREAD: Member = {
  uid: '',
  provider: '',
  source: '',
  kind: 'vm',
  state: 'unknown',
  identities: [],
  hostedBy: [],
  createdAt: null,
  account: null,
  managed: null,
};

/** Rounds of reading texts before an answer is given up: a change of the rows in between starts again. */
const ROUNDS = 32;

/** Puts together what rows are, from the store, and where they stand, from the engine. */
export class Rows {
  readonly #engine: Engine;
  readonly #store: ReadStore;
  readonly #clock: Clock;

  constructor({ engine, store, clock }: { engine: Engine; store: ReadStore; clock: Clock }) {
    this.#engine = engine;
    this.#store = store;
    this.#clock = clock;
  }

  /** Rows in the order of their uids, as the store has them now; a row that is gone for good is left out. */
  async items(uids: readonly string[]): Promise<Item[]> {
    const rows = await this.#read(uids);
    return this.#toItems(uids.flatMap((uid) => rows.get(uid) ?? []));
  }

  async toItem(row: StoredResource): Promise<Item> {
    const [item] = await this.#toItems([row]);
    if (!item) throw new TypeError('one row is one item');
    return item;
  }

  /** In few words; by uid, those that are gone left out. */
  async named(uids: Iterable<string>): Promise<Named[]> {
    const rows = await this.#read([...new Set(uids)]);
    return [...rows.values()].map(({ resource }) => nameOf(resource));
  }

  /** As a person compares them, by uid. */
  async compared(uids: Iterable<string>): Promise<Map<string, Compared>> {
    const rows = await this.#read([...new Set(uids)]);
    return new Map([...rows].map(([uid, { resource }]) => [uid, { ...nameOf(resource), ...comparable(resource) }]));
  }

  /**
   * What a stack says that needs the texts of rows. It is asked again until all that it reads has been read, and anew where slots
   * have changed meanwhile.
   */
  async withTexts<T>(ask: (read: (slot: number) => Member) => T): Promise<T> {
    const known = new Map<string, Member>();
    for (let round = 0; round < ROUNDS; round++) {
      const missing = new Set<string>();
      const { table } = this.#engine;
      const said = ask((slot) => {
        const uid = table.uid(slot);
        const member = known.get(uid);
        if (member === undefined) missing.add(uid);
        return member ?? { ...UNREAD, uid };
      });
      if (missing.size === 0) return said;
      const rows = await this.#read([...missing]);
      // A row that went between the two is told by its uid alone.
      for (const uid of missing) known.set(uid, rows.get(uid)?.resource ?? { ...UNREAD, uid });
    }
    throw new Error('the texts of a stack could not be read');
  }

  async #read(uids: readonly string[]): Promise<Map<string, StoredResource>> {
    const rows = new Map<string, StoredResource>();
    for (const row of await this.#store.rows(uids)) rows.set(row.resource.uid, row);
    return rows;
  }

  async #toItems(rows: readonly StoredResource[]): Promise<Item[]> {
    const now = this.#clock.now();
    const names = await this.#namesOfOthers(rows);
    return rows.map((row) => toItem(row, this.#standpoint(row.resource.uid, names), this.#engine.scopes, now));
  }

  /** Names of hosts that the index does not keep as they are spelled: VMs and containers that containers run on. */
  async #namesOfOthers(rows: readonly StoredResource[]): Promise<ReadonlyMap<string, HostName>> {
    const { table } = this.#engine;
    const uids = new Set<string>();
    for (const { resource } of rows) {
      const slot = table.slotOf(resource.uid);
      const host = slot === undefined ? GONE : (table.links.hosts[slot] ?? GONE);
      if (host !== GONE && (table.hostNames.codes[host] ?? UNSET) === UNSET) uids.add(table.uid(host));
    }
    if (uids.size === 0) return new Map();
    const read = await this.#read([...uids]);
    return new Map([...read].map(([uid, { resource }]) => [uid, resource]));
  }

  #standpoint(uid: string, names: ReadonlyMap<string, HostName>): Standpoint {
    const { table } = this.#engine;
    const slot = table.slotOf(uid);
    if (slot === undefined) return { machine: uid, members: 1, host: null, guests: 0, node: null };
    const { links, standing } = table;
    return {
      machine: table.uid(links.heads[slot] ?? slot),
      members: links.shared[slot] === 1 ? links.stack.members(slot).length : 1,
      host: this.#hostOf(slot, names),
      guests: links.stack.guestCount(slot),
      node: table.hostNames.dictionary.spelling(standing.nodeOf(slot)) || null,
    };
  }

  #hostOf(slot: number, names: ReadonlyMap<string, HostName>): Host | null {
    const { table } = this.#engine;
    const host = table.links.hosts[slot] ?? GONE;
    if (host === GONE) return null;
    const uid = table.uid(host);
    const machine = table.uid(table.links.heads[host] ?? host);
    const code = table.hostNames.codes[host] ?? UNSET;
    if (code === UNSET) {
      const { name, kind } = names.get(uid) ?? { name: table.names.textAt(host, 0), kind: 'host' as const };
      return { uid, machine, name, kind };
    }
    const cluster = table.codes('cluster');
    const prefix = cluster?.codes[host] ? cluster.dictionary.spelling(cluster.codes[host] ?? UNSET).length + 1 : 0;
    return { uid, machine, name: table.hostNames.dictionary.spelling(code).slice(prefix), kind: 'host' };
  }
}

type Stored = StoredResource['resource'];

const nameOf = ({ uid, name, kind, provider, state }: Stored): Named => ({ uid, name, kind, provider, state });

const comparable = (resource: Stored): Omit<Compared, keyof Named> => {
  const { account, region, zone, cluster, type, createdAt, addresses, mappedAddresses } = resource;
  return { account, region, zone, cluster, type, createdAt, addresses, mappedAddresses };
};
