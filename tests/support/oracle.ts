import type { Item } from '#lib/api/resources.ts';
import { naturalKey } from '#lib/index/order/natural.ts';
import { findField, tagKeyOf } from '#lib/language/fields.ts';
import { contains, readNetwork } from '#lib/language/grammar/address.ts';
import type { Clause, Query, Sort, Value } from '#lib/language/grammar/ast.ts';
import { boundsOf, isOrdered } from '#lib/language/grammar/literal.ts';
import { fold, includes, matches } from '#lib/language/grammar/pattern.ts';
import { normalTagKey } from '#lib/model/index.ts';

/** The query language once more, over plain arrays and as short as it can be said: what the index must agree with. */

/** All texts that a field's value may be; a tag that is empty is there, other empty texts are not. */
function textsOf(item: Item, field: string): string[] {
  const tag = tagKeyOf(field);
  if (tag !== null) {
    return Object.entries(item.tags).flatMap(([key, value]) =>
      normalTagKey(key) === normalTagKey(tag) ? [value] : [],
    );
  }
  const got = findField(field)?.get(item) ?? null;
  return (Array.isArray(got) ? got : [got]).filter((text): text is string => typeof text === 'string' && text !== '');
}

const wordsOf = (item: Item): string[] => [
  ...[item.name, item.nativeId],
  ...[...(item.addresses ?? []), ...(item.mappedAddresses ?? []), ...item.aliases],
];

const isNamed = (names: readonly string[], value: Value): boolean =>
  value.type === 'pattern' && names.some((name) => name !== '' && matches(value.parts.map(fold), fold(name)));

const isUid = ({ uid }: Item, value: Value): boolean =>
  value.type === 'pattern' && value.parts.length === 1 && value.parts[0] === uid;

/** What stands on what, step by step from row to row. */
class OracleFleet {
  readonly #items: readonly Item[];
  readonly #byUid: ReadonlyMap<string, Item>;
  readonly #machines: ReadonlyMap<string, Item[]>;
  /** The names of each host. */
  readonly #hosts: readonly string[][];

  constructor(items: readonly Item[]) {
    this.#items = items;
    this.#byUid = new Map(items.map((item) => [item.uid, item]));
    this.#machines = Map.groupBy(items, ({ machine }) => machine);
    this.#hosts = items.filter(({ kind }) => kind === 'host').map((host) => host.identities.flatMap(namesOf));
  }

  /** The rows of its machine, itself included. */
  mates({ machine }: Item): Item[] {
    return this.#machines.get(machine) ?? [];
  }

  /** All rows that it stands on, through all layers. */
  #below(item: Item): Item[] {
    const host = this.#byUid.get(item.host?.uid ?? '');
    return host === undefined ? [] : [...this.mates(host), ...this.#below(host)];
  }

  /** Whether it says itself that it runs on what is named, by any name of a host that has the name. */
  #says(item: Item, value: Value): boolean {
    const own = item.hostedBy.flatMap(namesOf);
    const known = this.#hosts.filter((names) => names.some((name) => own.map(fold).includes(fold(name)))).flat();
    return isNamed([...own, ...known], value);
  }

  isOn(item: Item, value: Value): boolean {
    const knows = item.host !== null || this.mates(item).some(({ hostedBy }) => hostedBy.length > 0);
    if (value.type !== 'pattern') return knows === (value.type === 'any');
    const below = this.#below(item);
    const names = (row: Item) => [...wordsOf(row), ...(row.kind === 'host' ? row.identities.flatMap(namesOf) : [])];
    return (
      below.some((row) => isNamed(names(row), value) || isUid(row, value)) ||
      [...this.mates(item), ...below].some((row) => this.#says(row, value))
    );
  }

  isBelow(item: Item, value: Value): boolean {
    if (value.type !== 'pattern') return item.guests > 0 === (value.type === 'any');
    return this.#items.some(
      (row) =>
        (isNamed([row.pod ?? '', ...wordsOf(row)], value) || isUid(row, value)) &&
        this.#below(row).some(({ machine }) => machine === item.machine),
    );
  }
}

const namesOf = ({ type, value }: Item['hostedBy'][number]): string[] =>
  type === 'node' ? [value, value.slice(value.lastIndexOf('/') + 1)] : [value];

function numberOf(item: Item, field: string, now: number): number | null {
  const got = findField(field)?.get(item) ?? null;
  if (typeof got === 'number') return got;
  return typeof got !== 'string' ? null : field === 'age' ? now - Date.parse(got) : Date.parse(got);
}

function holdsText(texts: readonly string[], field: string, value: Value): boolean {
  if (value.type === 'any') return texts.length > 0;
  if (value.type === 'unset') return texts.length === 0 || texts.includes('');
  if (value.type !== 'pattern') return false;
  const network = field === 'ip' && value.parts.length === 1 ? readNetwork(value.parts[0] ?? '') : null;
  return texts.some((text) => {
    const address = network === null ? null : readNetwork(text);
    if (network !== null) return address !== null && address.bits === 128 && contains(network, address.words);
    return matches(value.parts.map(fold), fold(text));
  });
}

function holds(clause: Clause, item: Item, now: number, fleet: OracleFleet): boolean {
  if (clause.type === 'word') {
    const parts = clause.parts.map(fold);
    return fleet.mates(item).some((mate) => {
      return clause.parts.join('') === mate.uid || wordsOf(mate).some((text) => includes(parts, fold(text)));
    });
  }
  if (clause.field === 'on') return clause.values.some((value) => fleet.isOn(item, value));
  if (clause.field === 'runs') return clause.values.some((value) => fleet.isBelow(item, value));
  const type = findField(clause.field)?.type ?? 'text';
  if (!isOrdered(type)) {
    const texts = textsOf(item, clause.field);
    return clause.values.some((value) => holdsText(texts, clause.field, value));
  }
  const n = numberOf(item, clause.field, now);
  return clause.values.some((value) => {
    if (value.type === 'unset') return n === null;
    if (value.type === 'any') return n !== null;
    const bounds = boundsOf(type, clause.op, value);
    if (bounds === null || n === null) return false;
    const { min, minOpen, max, maxOpen } = bounds;
    return (minOpen ? n > min : n >= min) && (maxOpen ? n < max : n <= max);
  });
}

export function oracleFilter(items: readonly Item[], clauses: readonly Clause[], now: number): Item[] {
  const all = new OracleFleet(items);
  return items.filter((item) => clauses.every((clause) => holds(clause, item, now, all) !== clause.negated));
}

const by = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function sortValue(item: Item, { field }: Sort, now: number): string | number | null {
  if (isOrdered(findField(field)?.type ?? 'text')) return numberOf(item, field, now);
  const [text] = textsOf(item, field);
  return text === undefined ? (field === 'name' ? '' : null) : naturalKey(fold(text));
}

export function oracleSort(items: readonly Item[], sort: Sort, now: number): Item[] {
  return [...items].sort((a, b) => {
    const [x, y] = [sortValue(a, sort, now), sortValue(b, sort, now)];
    const tie = by(naturalKey(fold(a.name)), naturalKey(fold(b.name))) || by(a.uid, b.uid);
    if (x === null || y === null) return x === y ? tie : x === null ? 1 : -1;
    if (sort.field === 'name') return sort.descending ? -tie : tie;
    return (sort.descending ? by(y, x) : by(x, y)) || tie;
  });
}

/** Values of a facet as its filter understands them: folded, `''` for rows without one. */
export function oracleFacet(items: readonly Item[], query: Query, field: string, now: number): Map<string, number> {
  const own = (clause: Clause) =>
    clause.type === 'field' &&
    clause.op === ':' &&
    !clause.negated &&
    (tagKeyOf(clause.field) !== null && tagKeyOf(field) !== null
      ? normalTagKey(clause.field) === normalTagKey(field)
      : clause.field === field);
  const others = query.clauses.filter((clause) => !own(clause));
  const counts = new Map<string, number>();
  for (const item of oracleFilter(items, others, now)) {
    const texts = new Set(textsOf(item, field).map(fold));
    for (const text of texts.size === 0 ? [''] : texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
