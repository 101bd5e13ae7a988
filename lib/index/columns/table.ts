import { grown } from '#lib/columns/arrays.ts';
import { addressesOf } from '#lib/language/grammar/reach.ts';
import type { Stack } from '#lib/linking/port.ts';
import type { Decision } from '#lib/model/index.ts';
import { normalTagKey } from '#lib/model/index.ts';
import type { StoredResource } from '#lib/store/port.ts';
import { DerivedColumns } from '../figures/derived-columns.ts';
import { NameOrder } from '../order/name-order.ts';
import { naturalKey } from '../order/natural.ts';
import { Links } from '../topology/links.ts';
import { RunsOn } from '../topology/runs-on.ts';
import { AddressColumn } from './address-column.ts';
import { CodeColumn, EntryColumn, GONE, NumberColumn } from './columns.ts';
import type { Layout } from './layout.ts';
import { TextColumn } from './text-column.ts';
import { UidTable } from './uid-table.ts';

/** Dead rows cost time and memory; below this many they are not worth the work of leaving them out. */
const WORTH_COMPACTING = 10_000;

/** `containerd://` and 64 hexadecimal digits. */
const OPAQUE = /^(?:[a-z-]{1,20}:\/\/)?[0-9a-f]{32,128}$/;

/** Figures that groups add up but that are no fields. */
export const ALLOCATABLE = { cpu: 'allocatable.cpu', memory: 'allocatable.memory' } as const;

/**
 * All rows as columns. A changed row is written anew in a new slot and its old slot is dead: columns only ever grow at their end,
 * until {@link compacted} leaves the dead slots out. Wide rows stay in the store.
 */
export class Table {
  /** Slots in use, dead ones included. */
  size = 0;
  /** 255 for a dead slot, 0 for a live one. */
  dead = new Uint8Array(0);
  /** With {@link text} and {@link opaque} what bare words search. */
  names = new TextColumn();
  /** Id, addresses, aliases. */
  text = new TextColumn();
  /** Aliases that are long numbers only. Apart, for they are half of all text, and few words could be in them. */
  opaque = new TextColumn();
  addresses = new AddressColumn();
  runsOn = new RunsOn();
  links: Links;
  /** What hosts are called, cluster in front; not set for other rows. */
  hostNames = new CodeColumn();
  #derived: DerivedColumns | null = null;
  #order = new NameOrder();
  #slots = new UidTable();
  readonly #layout: Layout;
  /** By the keys of their fields. */
  readonly #codes: Map<string, CodeColumn>;
  readonly #numbers: Map<string, NumberColumn>;
  /** Searched by their own fields only; pods also by what stands on something. */
  readonly #texts: Map<string, TextColumn>;
  /** By normalised tag key. */
  #tags = new Map<string, EntryColumn>();

  /**
   * @param stack without rows; of rows that are dropped with the table in the end
   * @param capacity rows to make room for at once
   */
  constructor(stack: Stack, layout: Layout, capacity = 0) {
    this.links = new Links(stack);
    this.#layout = layout;
    const numbers = [...layout.numbers.map(({ key }) => key), ...Object.values(ALLOCATABLE)];
    this.#codes = new Map(layout.codes.map(({ key, exact }) => [key, new CodeColumn({ exact }, capacity)]));
    this.#numbers = new Map(numbers.map((key) => [key, new NumberColumn(capacity)]));
    this.#texts = new Map(layout.texts.map(({ key }) => [key, new TextColumn()]));
  }

  /** Live rows. */
  get count(): number {
    return this.#slots.count;
  }

  slotOf(uid: string): number | undefined {
    return this.#slots.find(uid);
  }

  uid(slot: number): string {
    return this.#slots.uid(slot);
  }

  /** What a row sorts by in the order of names; see {@link naturalKey}. */
  nameKey(slot: number): string {
    return naturalKey(this.names.textAt(slot, 0));
  }

  /** Live slots by name, then uid. */
  readonly byName = {
    order: (): Uint32Array => this.#order.order(this),
    places: (): Uint32Array => this.#order.places(this),
  };

  codes(key: string): CodeColumn | undefined {
    return this.#codes.get(key);
  }

  /** @throws TypeError for a key that is no column of codes; for columns that always exist */
  codesOf(key: 'kind' | 'state' | 'scope'): CodeColumn {
    const column = this.#codes.get(key);
    if (!column) throw new TypeError(`no column ${key}`);
    return column;
  }

  numbers(key: string): NumberColumn | undefined {
    return this.#numbers.get(key);
  }

  /** @throws TypeError for a key that is no column of texts */
  texts(key: string): TextColumn {
    const column = this.#texts.get(key);
    if (!column) throw new TypeError(`no column ${key}`);
    return column;
  }

  /** The column of a tag key in any spelling; undefined if no row has it. */
  tags(key: string): EntryColumn | undefined {
    return this.#tags.get(normalTagKey(key));
  }

  /** What is derived from the links, made when it is asked for. */
  get derived(): DerivedColumns {
    this.#derived ??= new DerivedColumns(this);
    return this.#derived;
  }

  /** All decisions of people, in place of those before. */
  decide(decisions: readonly Decision[]): void {
    this.links.decide(decisions, (uid) => this.slotOf(uid));
    this.#derived = null;
  }

  /** Brings the links up to the rows. To be called between changes and questions. */
  settle(): void {
    if (this.links.settle((uid) => this.slotOf(uid), this.size, this.dead)) this.#derived = null;
  }

  /** The row as the store has it now: added, replaced or removed. */
  apply(row: StoredResource): void {
    this.remove(row.resource.uid);
    if (row.removedAt === null) this.add(row);
  }

  remove(uid: string): void {
    const slot = this.#slots.find(uid);
    if (slot === undefined) return;
    this.#slots.remove(slot);
    this.dead[slot] = 255;
    this.links.drop(slot);
    this.#order.touch();
  }

  /** A live row whose uid the table does not have. */
  add({ resource }: StoredResource): void {
    const slot = this.size++;
    const addresses = addressesOf(resource);
    this.dead = grown(this.dead, this.size);
    this.dead[slot] = 0;
    this.#slots.push(resource.uid);
    const aliases = resource.aliases.filter((alias) => !OPAQUE.test(alias));
    this.names.push([resource.name]);
    this.text.push([resource.nativeId, ...addresses, ...aliases]);
    this.opaque.push(
      aliases.length === resource.aliases.length ? [] : resource.aliases.filter((alias) => OPAQUE.test(alias)),
    );
    this.addresses.push(slot, addresses);
    this.runsOn.push(slot, resource.hostedBy, resource.kind === 'host', resource.identities);
    this.links.add(slot, resource);
    this.hostNames.set(slot, resource.kind === 'host' ? hostName(resource) : null);
    for (const { key, read } of this.#layout.texts) this.#texts.get(key)?.push([read(resource) ?? '']);
    for (const { key, read } of this.#layout.codes) this.#codes.get(key)?.set(slot, read(resource));
    for (const { key, read } of this.#layout.numbers) this.#numbers.get(key)?.set(slot, read(resource));
    this.#numbers.get(ALLOCATABLE.cpu)?.set(slot, resource.allocatable?.cpu ?? null);
    this.#numbers.get(ALLOCATABLE.memory)?.set(slot, resource.allocatable?.memory ?? null);
    for (const [key, value] of Object.entries(resource.tags)) this.#tag(normalTagKey(key), slot, value);
  }

  #tag(key: string, slot: number, value: string): void {
    const column = this.#tags.get(key) ?? new EntryColumn();
    this.#tags.set(key, column);
    column.add(slot, value);
  }

  /** True when leaving the dead out is worth its while. */
  get needsCompaction(): boolean {
    const dead = this.size - this.count;
    return dead > WORTH_COMPACTING && dead * 4 > this.size;
  }

  /** A table of the live rows only. Slots change: what refers to slots must go with the old table. */
  compacted(): Table {
    this.settle();
    const keep = new Uint32Array(this.count);
    const moved = new Uint32Array(this.size).fill(GONE);
    const table = new Table(this.links.stack, this.#layout);
    for (let slot = 0; slot < this.size; slot++) {
      if (this.dead[slot] !== 0) continue;
      keep[table.size] = slot;
      moved[slot] = table.size++;
    }
    table.dead = new Uint8Array(table.size);
    table.names = this.names.compact(keep);
    table.text = this.text.compact(keep);
    table.opaque = this.opaque.compact(keep);
    table.addresses = this.addresses.compact(keep, moved);
    table.runsOn = this.runsOn.compact(moved);
    table.links = this.links.compact(keep, moved);
    table.hostNames = this.hostNames.compact(keep);
    table.#order = this.#order.compact(moved, this);
    table.#slots = this.#slots.compact(keep);
    for (const [key, column] of this.#codes) table.#codes.set(key, column.compact(keep));
    for (const [key, column] of this.#numbers) table.#numbers.set(key, column.compact(keep));
    for (const [key, column] of this.#texts) table.#texts.set(key, column.compact(keep));
    for (const [key, column] of this.#tags) {
      const kept = column.compact(moved);
      if (kept.size > 0) table.#tags.set(key, kept);
    }
    return table;
  }
}

/** What a host is called where names of several clusters meet. */
const hostName = ({ cluster, name }: StoredResource['resource']): string => (cluster ? `${cluster}/${name}` : name);
