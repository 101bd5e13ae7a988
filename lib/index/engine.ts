import { QueryProblem } from '#lib/api/problem.ts';
import type { Facets, Freshness, Groups } from '#lib/api/resources.ts';
import { decodeCursor, encodeCursor } from '#lib/language/cursor.ts';
import type { Field } from '#lib/language/field.ts';
import { FIELD_TABLE, type FieldTable, isGroupable } from '#lib/language/fields.ts';
import type { Query, Sort } from '#lib/language/grammar/ast.ts';
import { format } from '#lib/language/grammar/format.ts';
import { createStack } from '#lib/linking/index.ts';
import type { Decision } from '#lib/model/index.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import { LruCache } from '#lib/runtime/lru.ts';
import type { StoredResource } from '#lib/store/port.ts';
import type { Layout } from './columns/layout.ts';
import { RowList } from './columns/row-list.ts';
import { ScopeTable } from './columns/scopes.ts';
import { Table } from './columns/table.ts';
import { Deadline } from './deadline.ts';
import { freshnessOf } from './figures/freshness.ts';
import { groupsOf } from './figures/groups.ts';
import type { Snapshot } from './filter/clause.ts';
import { facetsOf } from './filter/facets.ts';
import type { Selection } from './filter/selection.ts';
import { select } from './filter/selection.ts';
import { columnsOf, kindOf, orderBy } from './kinds/kinds.ts';
import type { Arranged, Window } from './order/arrange.ts';
import { arrange } from './order/arrange.ts';
import type { Order } from './order/order.ts';
import { after, positionOf } from './order/position.ts';
import type { PageRequest } from './request.ts';
import { covers, outOfRange, parseQuery, sortOf, windowOf } from './request.ts';
import { Tree } from './topology/tree.ts';

/** Rows of a page at most. */
export const MAX_LIMIT = 1000;

/** Ages move with time alone: what depends on them is kept for this long, in ms. */
const EPOCH_MS = 1000;

const KEPT_QUERIES = 32;
const KEPT_SELECTIONS = 12;
const KEPT_ORDERS = 8;
const KEPT_TREES = 3;

/** Rows that are put in order around a page, because who reads one often reads the next. */
const AHEAD = 1000;

/** Rows of a first reading whose links are worked out at once, in some tens of ms, so that others get their turn in between. */
const SETTLED_AT_ONCE = 10_000;

/** A page without its rows, which are in the store. */
export interface PagePlan {
  total: number;
  uids: string[];
  next: string | null;
  freshness: Freshness;
}

interface Ordered {
  order: Order;
  /** All of the order, or the part that was asked for. */
  arranged: Arranged;
}

/** What was asked for, and which rows that is. */
export interface Selected {
  query: Query;
  snapshot: Snapshot;
  selection: Selection;
}

/** Answers questions from the columns. Synchronous: nothing changes while it answers, and it never reads the store. */
export class Engine {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #fields: FieldTable;
  readonly #layout: Layout;
  #table: Table;
  #decisions: readonly Decision[] = [];
  #scopes = new ScopeTable();
  #scopesVersion = 0;
  readonly #queries = new LruCache<Query>(KEPT_QUERIES);
  readonly #selections = new LruCache<Selection>(KEPT_SELECTIONS);
  readonly #orders = new LruCache<Ordered>(KEPT_ORDERS);
  readonly #trees = new LruCache<Tree>(KEPT_TREES);
  readonly #lists = new Set<RowList>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>, fields = FIELD_TABLE) {
    this.#clock = clock;
    this.#fields = fields;
    this.#layout = columnsOf(fields);
    this.#table = new Table(createStack(), this.#layout);
  }

  /** The rows and links as of now: not to be kept over an await, for slots change. */
  get table(): Table {
    this.#table.settle();
    return this.#table;
  }

  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  get count(): number {
    return this.#table.count;
  }

  get scopes(): ScopeTable {
    return this.#scopes;
  }

  setScopes(scopes: ScopeTable): void {
    this.#scopes = scopes;
    this.#scopesVersion++;
  }

  /** Starts again without rows. @param expected how many will come */
  reset(expected: number): void {
    this.#replace(new Table(createStack(expected), this.#layout, expected));
    this.#table.decide(this.#decisions);
  }

  /** All decisions of people, in place of those before. */
  decide(decisions: readonly Decision[]): void {
    this.#decisions = decisions;
    this.#table.decide(decisions);
    this.#table.settle();
    this.#forget();
  }

  /** Takes rows whose uids it does not have. */
  add(rows: readonly StoredResource[]): void {
    for (const row of rows) this.#table.add(row);
    if (this.#table.links.waiting >= SETTLED_AT_ONCE) this.#table.settle();
    this.#forget();
  }

  apply(rows: readonly StoredResource[]): void {
    for (const row of rows) this.#table.apply(row);
    this.#table.settle();
    if (this.#table.needsCompaction) this.compact();
    this.#forget();
  }

  /** Leaves out what changed rows left behind. Happens by itself when it is worth its while. */
  compact(): void {
    this.#replace(this.#table.compacted());
  }

  #replace(table: Table): void {
    for (const list of this.#lists) list.detach();
    this.#table = table;
    this.#forget();
  }

  /** Does now what the first question would wait for. */
  warm(): void {
    this.#table.settle();
    this.#table.byName.places();
  }

  #forget(): void {
    this.#selections.clear();
    this.#orders.clear();
    this.#trees.clear();
  }

  /** @throws QueryProblem */
  page(request: PageRequest): PagePlan {
    const { limit } = request;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw outOfRange('limit', `1 to ${MAX_LIMIT}`);
    const selected = this.select(request.q);
    const { query, snapshot, selection } = selected;
    const sort = sortOf(query, request.sort, this.#fields);
    const { table } = snapshot;
    const { total } = selection;
    const { order, arranged } = this.#ordered(selected, sort, windowOf(request, total));
    const { from, slots } = arranged;
    const first = this.#first(request, query, order, slots, table);
    const page = slots.subarray(first - from, first - from + limit);
    const last = page.at(-1);
    const more = last !== undefined && first + page.length < total;
    return {
      total,
      uids: Array.from(page, (slot) => table.uid(slot)),
      next: more ? encodeCursor(query, sort, positionOf(last, order, table)) : null,
      freshness: freshnessOf(selection, query.clauses, snapshot),
    };
  }

  #first({ start }: PageRequest, query: Query, order: Order, slots: Uint32Array, table: Table): number {
    if (start === null) return 0;
    if ('cursor' in start) return after(decodeCursor(query, order.sort, start.cursor), order, slots, table);
    if (!Number.isSafeInteger(start.offset) || start.offset < 0) throw outOfRange('offset', 'a whole number from 0');
    return start.offset;
  }

  /** All rows of an answer in its order, as of now. To be given back with {@link release}. @throws QueryProblem */
  rows(q: string, sort: string): RowList {
    const selected = this.select(q);
    const whole = { from: 0, to: selected.selection.total };
    const { arranged } = this.#ordered(selected, sortOf(selected.query, sort, this.#fields), whole);
    const list = new RowList(arranged.slots, selected.snapshot.table);
    this.#lists.add(list);
    return list;
  }

  release(list: RowList): void {
    this.#lists.delete(list);
  }

  /** @throws QueryProblem */
  facets(q: string, fields: readonly string[]): Facets {
    const { snapshot, selection } = this.select(q);
    return facetsOf(selection, fields, snapshot);
  }

  /** @param by a field's key; empty = the question's own `group:`. @throws QueryProblem */
  groups(q: string, by: string): { field: Field; groups: Groups } {
    const { query, snapshot, selection } = this.select(q);
    const field = this.#fields.find(by === '' ? (query.group ?? '') : by);
    if (field === null || !isGroupable(field)) {
      const expected = 'a field that repeats, such as provider, region or tag.team';
      throw new QueryProblem({ code: 'bad-parameter', detail: `by: expected ${expected}`, parameter: 'by', expected });
    }
    return { field, groups: groupsOf(selection, field, snapshot) };
  }

  /** The answer as a tree of machines, and the order of what stands beside each other. @throws QueryProblem */
  tree(q: string, sort: string): { tree: Tree; table: Table; order: Order } {
    const { query, snapshot, selection } = this.select(q);
    const order = orderBy(sortOf(query, sort, this.#fields), snapshot);
    const key = format({ clauses: query.clauses, group: null, sort: null });
    const { table } = snapshot;
    const epoch = this.#epoch({ ...query, sort: null }, snapshot);
    return { table, order, tree: this.#trees.get(key, epoch, () => new Tree(selection.excluded, table)) };
  }

  /**
   * Whether a row answers the question: one that is live as it is now, one that is gone as it was.
   * @param gone rows that are not live any more
   * @throws QueryProblem
   */
  matcher(q: string, gone: readonly StoredResource[]): (uid: string) => boolean {
    const { query, snapshot, selection } = this.select(q);
    const past = new Table(createStack(), this.#layout);
    for (const row of gone) past.add(row);
    past.settle();
    const pastSelection = select(query.clauses, this.#snapshot(past));
    return (uid) => {
      const slot = snapshot.table.slotOf(uid);
      if (slot !== undefined) return selection.excluded[slot] === 0;
      const pastSlot = past.slotOf(uid);
      return pastSlot !== undefined && pastSelection.excluded[pastSlot] === 0;
    };
  }

  has(uid: string): boolean {
    return this.#table.slotOf(uid) !== undefined;
  }

  #snapshot(table: Table): Snapshot {
    const deadline = new Deadline(() => this.#clock.monotonic());
    return { fields: this.#fields, table, scopes: this.#scopes, now: this.#clock.now(), deadline };
  }

  /** @throws QueryProblem */
  select(q: string): Selected {
    // One view asks several questions of one text, which means the same at all times.
    const query = this.#queries.get(q, '', () => parseQuery(q, this.#fields));
    const snapshot = this.#snapshot(this.table);
    const key = format({ clauses: query.clauses, group: null, sort: null });
    const selection = this.#selections.get(key, this.#epoch(query, snapshot), () => select(query.clauses, snapshot));
    return { query, snapshot, selection };
  }

  /** The epoch of a cached result: what moves with time or with the scopes lasts {@link EPOCH_MS}, the rest until a row changes. */
  #epoch({ clauses, sort }: Query, { now }: Snapshot): string {
    const keys = [sort?.field, ...clauses.map((clause) => (clause.type === 'field' ? clause.field : null))];
    const moves = keys.map((key) => {
      const field = key ? this.#fields.find(key) : null;
      return field && kindOf(field).moves;
    });
    const parts: number[] = [];
    if (moves.includes('scopes')) parts.push(this.#scopesVersion);
    if (moves.includes('scopes') || moves.includes('time')) parts.push(Math.floor(now / EPOCH_MS));
    return parts.join(' ');
  }

  #ordered({ query, snapshot, selection }: Selected, sort: Sort, window: Window): Ordered {
    const key = format({ clauses: query.clauses, group: null, sort });
    const epoch = this.#epoch({ ...query, sort }, snapshot);
    const kept = this.#orders.peek(key, epoch);
    if (kept && covers(kept.arranged, window, selection.total)) return kept;
    const { table, deadline } = snapshot;
    deadline.check();
    const order = orderBy(sort, snapshot);
    // Who asks for a second place of an order scrolls: all of it now is less work than a part each time.
    const wanted = kept ? { from: 0, to: selection.total } : { from: window.from - AHEAD, to: window.to + AHEAD };
    const ordered = { order, arranged: arrange(order, selection, table.byName, wanted) };
    this.#orders.put(key, epoch, ordered);
    return ordered;
  }
}
