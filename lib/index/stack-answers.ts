import type { Decision, Link } from '#lib/model/index.ts';
import type { Item } from '#lib/query/api.ts';
import type { IdentityRequest, TreeRequest } from '#lib/query/service.ts';
import { QueryProblem } from '#lib/query/service.ts';
import type { Capacity, IdentityReport, Layer, Machine, StackAnswer, TreePage } from '#lib/query/stack-api.ts';
import type { Member } from '#lib/stack/port.ts';
import { capacityOf, capacityOfMachine } from './capacity.ts';
import { GONE } from './columns.ts';
import type { Engine } from './engine.ts';
import { Folding } from './fold.ts';
import type { Follower } from './follower.ts';
import { freshnessOf } from './freshness.ts';
import { gatherAbove } from './gather.ts';
import { lossesOf } from './offered.ts';
import type { Rows } from './rows.ts';
import type { Table } from './table.ts';

/** Folds and offers of one answer at most. */
const MOST = 100;

/** Contradictions of one answer at most; the rest is counted. */
const MOST_CONTRADICTIONS = 200;

/** Answers questions about what is one machine and what stands on what. */
export class StackAnswers {
  readonly #engine: Engine;
  readonly #follower: Follower;
  readonly #rows: Rows;

  constructor({ engine, follower, rows }: { engine: Engine; follower: Follower; rows: Rows }) {
    this.#engine = engine;
    this.#follower = follower;
    this.#rows = rows;
  }

  /** Null if there is no such live row. */
  async stack(uid: string): Promise<StackAnswer | null> {
    const plan = this.#planStack(uid);
    if (plan === null) return null;
    const { layers, above } = plan;
    const uids = new Set([...layers.flat(), ...above.groups.flatMap((group) => group.uids)]);
    const items = new Map((await this.#rows.items([...uids])).map((item) => [item.uid, item]));
    const told = (some: readonly string[]): Item[] => some.flatMap((one) => items.get(one) ?? []);
    const [self, ...below] = layers
      .map((members): Layer => ({ machine: members[0] ?? uid, items: told(members) }))
      .filter((layer) => layer.items.length > 0);
    if (self === undefined) return null;
    const { links, contradictions } = await this.#rows.withTexts((read) => {
      const { table } = this.#engine;
      const { stack } = table.links;
      const slots = layers.flatMap(([first = '']) => table.slotOf(first) ?? []);
      return {
        links: distinct(slots.flatMap((slot) => stack.links(slot, read))),
        contradictions: slots[0] === undefined ? [] : contradictionsOf(table, slots[0], read),
      };
    });
    const decisions = this.#decisionsAbout(layers.flat());
    return {
      self,
      below,
      ground:
        (below.at(-1) ?? self).items.find(({ managed }) => managed !== null && managed !== 'kubevirt')?.managed ?? null,
      above: { ...above, groups: above.groups.map(({ uids: some, ...group }) => ({ ...group, items: told(some) })) },
      links,
      named: await this.#rows.named([
        ...links.flatMap(({ from, to }) => [from, to]),
        ...contradictions.flatMap(({ resources }) => resources),
        ...decisions.flatMap(({ a, b }) => [a, b]),
      ]),
      contradictions,
      decisions,
    };
  }

  #planStack(uid: string) {
    const { table } = this.#engine;
    const slot = table.slotOf(uid);
    if (slot === undefined) return null;
    const { stack, heads, hosts } = table.links;
    const layers: string[][] = [];
    for (let at = slot; at !== GONE; at = hosts[at] ?? GONE)
      layers.push(stack.members(at).map((one) => table.uid(one)));
    return { layers, above: gatherAbove(heads[slot] ?? slot, table) };
  }

  /** Null if there is no such live row. */
  async machine(uid: string): Promise<Machine | null> {
    const { table } = this.#engine;
    const slot = table.slotOf(uid);
    if (slot === undefined) return null;
    const { stack, hosts } = table.links;
    const uids = stack.members(slot).map((one) => table.uid(one));
    const figures = capacityOfMachine(stack.members(slot), table);
    const host = hosts[slot] ?? GONE;
    const hostUid = host === GONE ? null : table.uid(host);
    const guests = stack.guestCount(slot);
    const members = await this.#rows.items(uids);
    const { links, contradictions } = await this.#rows.withTexts((read) => {
      const now = this.#engine.table;
      const at = now.slotOf(uid);
      if (at === undefined) return { links: [], contradictions: [] };
      return { links: now.links.stack.links(at, read), contradictions: contradictionsOf(now, at, read) };
    });
    const [named = null] = hostUid === null ? [] : await this.#rows.named([hostUid]);
    const decisions = this.#decisionsAbout(uids);
    return { machine: uids[0] ?? uid, members, links, figures, host: named, guests, contradictions, decisions };
  }

  /** @throws QueryProblem */
  async capacity(q: string): Promise<Capacity> {
    const { query, source, selection } = this.#engine.ask(q);
    const { table } = source;
    const freshness = freshnessOf(selection, query.clauses, source);
    const { figures, folds, machines, offers } = capacityOf(selection.failing, table);
    const told = folds.map(({ rows }) => rows.map(({ slot, counts }) => ({ uid: table.uid(slot), counts })));
    const pairs = offers.slice(0, MOST).map(({ offer }) => ({ a: table.uid(offer.a), b: table.uid(offer.b) }));
    const texts = await this.#rows.withTexts((read) => ({
      folds: told.map((rows) =>
        this.#joinsAmong(
          rows.map(({ uid }) => uid),
          read,
        ),
      ),
      offers: this.#linksOf(pairs, read),
    }));
    const uids = [...told.flat().map(({ uid }) => uid), ...pairs.flatMap(({ a, b }) => [a, b])];
    const named = new Map((await this.#rows.named(uids)).map((one) => [one.uid, one]));
    return {
      total: selection.total,
      figures,
      folds: told.map((rows, i) => ({
        machine: this.#machineOf(rows[0]?.uid ?? ''),
        rows: rows.flatMap(({ uid, counts }) => {
          const one = named.get(uid);
          return one ? [{ ...one, counts }] : [];
        }),
        links: texts.folds[i] ?? [],
      })),
      machines,
      offers: texts.offers.flatMap(({ link, a, b }) => {
        const [x, y] = [named.get(a), named.get(b)];
        return x && y ? [{ link, a: x, b: y }] : [];
      }),
      freshness,
    };
  }

  async identity({ confidence, limit, offset }: IdentityRequest): Promise<IdentityReport> {
    const { table } = this.#engine;
    const all = table.links.stack.offers().filter((offer) => offer.confidence === confidence);
    const folding = new Folding(table);
    const told = all.slice(offset, offset + limit).map((offer) => ({
      a: table.uid(offer.a),
      b: table.uid(offer.b),
      figures: lossesOf(offer, folding, table),
    }));
    const texts = await this.#rows.withTexts((read) => ({
      links: this.#linksOf(told, read),
      contradictions: this.#engine.table.links.stack.contradictions(MOST_CONTRADICTIONS, read),
    }));
    const { decisions } = this.#engine;
    const names = await this.#rows.named([
      ...texts.contradictions.items.flatMap(({ resources }) => resources),
      ...decisions.flatMap(({ a, b }) => [a, b]),
    ]);
    const compared = await this.#rows.compared(told.flatMap(({ a, b }) => [a, b]));
    return {
      offers: texts.links.flatMap(({ link, a, b, figures }) => {
        const [x, y] = [compared.get(a), compared.get(b)];
        return x && y ? [{ link, a: x, b: y, figures }] : [];
      }),
      offersTotal: all.length,
      contradictions: texts.contradictions.items,
      contradictionsTotal: texts.contradictions.total,
      decisions: [...decisions],
      named: names,
    };
  }

  /** @throws QueryProblem `not-found` for a parent that is not there */
  async tree({ q, sort, parent, limit, offset }: TreeRequest): Promise<TreePage> {
    const { tree, table, order } = this.#engine.tree(q, sort);
    const { tree: whole } = this.#engine.tree('', '');
    const at = parent === null ? null : table.slotOf(parent);
    if (at === undefined) throw new QueryProblem({ code: 'not-found', detail: 'No resource has this uid.' });
    const entries = at === null ? tree.roots(order) : tree.on(table.links.heads[at] ?? at, order);
    const page = Array.from(entries.slice(offset, offset + limit), (slot) => ({
      uid: table.uid(slot),
      matches: tree.own[slot] !== 0,
      above: tree.above[slot] ?? 0,
      standing: whole.above[slot] ?? 0,
      children: tree.children[slot] ?? 0,
    }));
    const { revision } = this.#follower;
    const items = new Map((await this.#rows.items(page.map(({ uid }) => uid))).map((item) => [item.uid, item]));
    return {
      parent,
      total: entries.length,
      items: page.flatMap(({ uid, ...entry }) => {
        const item = items.get(uid);
        return item ? [{ item, ...entry }] : [];
      }),
      revision,
    };
  }

  #machineOf(uid: string): string {
    const { table } = this.#engine;
    const slot = table.slotOf(uid);
    return slot === undefined ? uid : table.uid(table.links.heads[slot] ?? slot);
  }

  #decisionsAbout(uids: readonly string[]): Decision[] {
    const about = new Set(uids);
    return this.#engine.decisions.filter(({ a, b }) => about.has(a) || about.has(b));
  }

  /** What speaks for these rows' being one machine. */
  #joinsAmong(uids: readonly string[], read: (slot: number) => Member): Link[] {
    const { table } = this.#engine;
    const slot = table.slotOf(uids[0] ?? '');
    if (slot === undefined) return [];
    const among = new Set(table.links.stack.members(slot).map((one) => table.uid(one)));
    return table.links.stack
      .links(slot, read)
      .filter(({ relation, from, to }) => relation === 'same-as' && among.has(from) && among.has(to));
  }

  /** The links of offers that still stand. */
  #linksOf<T extends { a: string; b: string }>(
    pairs: readonly T[],
    read: (slot: number) => Member,
  ): (T & { link: Link })[] {
    const { table } = this.#engine;
    const { stack } = table.links;
    const wanted = new Map(pairs.map((pair) => [`${table.slotOf(pair.a)} ${table.slotOf(pair.b)}`, pair]));
    const found: (T & { link: Link })[] = [];
    for (const offer of stack.offers()) {
      if (found.length === wanted.size) break;
      const pair = wanted.get(`${offer.a} ${offer.b}`);
      if (pair) found.push({ ...pair, link: stack.linkOf(offer, read) });
    }
    return found;
  }
}

const contradictionsOf = ({ links: { stack } }: Table, slot: number, read: (slot: number) => Member) =>
  stack
    .members(slot)
    .flatMap((one) => stack.contradictionsOf(one, read))
    .filter(isFirst);

const distinct = (links: readonly Link[]): Link[] => links.filter(isFirst);

function isFirst<T>(value: T, index: number, all: readonly T[]): boolean {
  const text = JSON.stringify(value);
  return all.findIndex((other) => JSON.stringify(other) === text) === index;
}
