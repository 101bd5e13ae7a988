import type { Item } from '#lib/api/resources.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore, StoredResource } from '#lib/store/port.ts';
import { GONE } from './columns/columns.ts';
import { UNSET } from './columns/dictionary.ts';
import type { Engine } from './engine.ts';
import { type Located, Reading } from './reading.ts';

/** Reads from the store what is in rows; where they stand is the engine's. */
export class RowReader {
  readonly #engine: Engine;
  readonly #store: ReadStore;
  readonly #clock: Clock;

  constructor({ engine, store, clock }: { engine: Engine; store: ReadStore; clock: Clock }) {
    this.#engine = engine;
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * All rows of an answer at once: the engine, which may have changed when they are here, is asked before.
   * @param items uids of rows that are shown as items. @param others those that are named, compared or read for their texts
   */
  async read(items: Iterable<string>, others: Iterable<string> = []): Promise<Reading> {
    const located = new Map<string, Located>();
    for (const uid of items) located.set(uid, this.#locate(uid));
    const uids = new Set([...located.keys(), ...others]);
    for (const { unnamed } of located.values()) if (unnamed !== null) uids.add(unnamed);
    const rows = await this.#store.rows([...uids]);
    return new Reading(rows, located, this.#engine.scopes, this.#clock.now());
  }

  /** Rows in the order of their uids, as the store has them now; a row that is gone for good is left out. */
  async items(uids: readonly string[]): Promise<Item[]> {
    return (await this.read(uids)).items(uids);
  }

  /** A row that has been read already. */
  async toItem(row: StoredResource): Promise<Item> {
    const { uid } = row.resource;
    const located = this.#locate(uid);
    const hosts = located.unnamed === null ? [] : await this.#store.rows([located.unnamed]);
    return new Reading(hosts, new Map([[uid, located]]), this.#engine.scopes, this.#clock.now()).item(row);
  }

  #locate(uid: string): Located {
    const { table } = this.#engine;
    const slot = table.slotOf(uid);
    if (slot === undefined)
      return { links: { machine: uid, members: 1, host: null, guests: 0, node: null }, unnamed: null };
    const { links, derived } = table;
    const host = this.#hostOf(slot);
    return {
      links: {
        machine: table.uid(links.heads[slot] ?? slot),
        members: links.isClustered[slot] === 1 ? links.stack.members(slot).length : 1,
        host: host?.item ?? null,
        guests: links.stack.guestCount(slot),
        node: table.hostNames.dictionary.spelling(derived.nodeOf(slot)) || null,
      },
      unnamed: host?.isNamed === false ? host.item.uid : null,
    };
  }

  /** The index keeps the names of hosts as they are spelled, not those of VMs and containers that containers run on. */
  #hostOf(slot: number): { item: NonNullable<Item['host']>; isNamed: boolean } | null {
    const { table } = this.#engine;
    const host = table.links.hosts[slot] ?? GONE;
    if (host === GONE) return null;
    const uid = table.uid(host);
    const machine = table.uid(table.links.heads[host] ?? host);
    const code = table.hostNames.codes[host] ?? UNSET;
    if (code === UNSET)
      return { item: { uid, machine, name: table.names.textAt(host, 0), kind: 'host' }, isNamed: false };
    const cluster = table.codes('cluster');
    const prefix = cluster?.codes[host] ? cluster.dictionary.spelling(cluster.codes[host] ?? UNSET).length + 1 : 0;
    const name = table.hostNames.dictionary.spelling(code).slice(prefix);
    return { item: { uid, machine, name, kind: 'host' }, isNamed: true };
  }
}
