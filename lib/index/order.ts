import { tagKeyOf } from '#lib/query/fields.ts';
import type { Sort } from '#lib/query/grammar/ast.ts';
import type { EntryColumn } from './columns.ts';
import { UNSET } from './dictionary.ts';
import { radixSort } from './radix.ts';
import type { ScopeTable } from './scopes.ts';
import { compareText } from './sorted-keys.ts';
import type { Table } from './table.ts';

/** What a row sorts by: a number, a natural key, or null where it has no value. */
export type SortValue = number | string | null;

/**
 * An order of rows by one field. Rows without a value come last in both directions; ties go by name, then uid, so that every order
 * is total and no two rows ever trade places by chance.
 */
export interface Order {
  sort: Sort;
  /**
   * Sorts slots that stand in the order of names.
   * @param needed how many of the first are wanted; the result may end behind them
   */
  apply(byName: Uint32Array, needed: number): Uint32Array;
  valueOf(slot: number): SortValue;
}

export function orderBy(sort: Sort, table: Table, scopes: ScopeTable, now: number): Order {
  if (sort.field === 'name') return byName(sort, table);
  const tag = tagKeyOf(sort.field);
  if (tag !== null) return byEntries(sort, table, table.tags(tag));
  if (sort.field === 'freshness') return byFreshness(sort, table, scopes, now);
  const codes = table.codes(sort.field);
  if (codes) {
    const { dictionary } = codes;
    return byCodes(
      sort,
      (slot) => codes.codes[slot] ?? UNSET,
      dictionary.ranks(),
      (code) => dictionary.sortKey(code),
    );
  }
  return byNumbers(sort, table);
}

/** Descending is the exact reverse, uids of equal names included. */
function byName(sort: Sort, table: Table): Order {
  const apply = (slots: Uint32Array) => (sort.descending ? slots.toReversed() : slots);
  return { sort, apply, valueOf: (slot) => table.nameKey(slot) };
}

/** @param ranks place of each code; code 0 is no value */
function byCodes(
  sort: Sort,
  codeOf: (slot: number) => number,
  ranks: Uint32Array,
  keyOf: (code: number) => string,
): Order {
  const last = ranks.length;
  const keys = ranks.map((rank) => (sort.descending ? last - 1 - rank : rank));
  keys[UNSET] = last;
  return {
    sort,
    apply: (slots, needed) => {
      const high = new Uint32Array(slots.length);
      for (let i = 0; i < slots.length; i++) high[i] = keys[codeOf(slots[i] ?? 0)] ?? last;
      return radixSort(slots, [high], needed);
    },
    valueOf: (slot) => {
      const code = codeOf(slot);
      return code === UNSET ? null : keyOf(code);
    },
  };
}

function byEntries(sort: Sort, table: Table, column: EntryColumn | undefined): Order {
  const codes = new Uint32Array(table.size);
  if (!column)
    return byCodes(
      sort,
      () => UNSET,
      new Uint32Array(1),
      () => '',
    );
  // Backwards, so that the first of a row's values stays.
  for (let i = column.size - 1; i >= 0; i--) codes[column.slots[i] ?? 0] = column.codes[i] ?? UNSET;
  const { dictionary } = column;
  return byCodes(
    sort,
    (slot) => codes[slot] ?? UNSET,
    dictionary.ranks(),
    (code) => dictionary.sortKey(code),
  );
}

function byFreshness(sort: Sort, table: Table, scopes: ScopeTable, now: number): Order {
  const { dictionary, codes } = table.codesOf('scope');
  const states = scopes.statesByCode(dictionary, now);
  const sorted = [...new Set(states)].sort(compareText);
  const ranks = Uint32Array.from(states, (state) => sorted.indexOf(state));
  return byCodes(
    sort,
    (slot) => codes[slot] ?? UNSET,
    ranks,
    (code) => states[code] ?? '',
  );
}

/** `age` is `created` the other way round: the youngest first. */
function byNumbers(sort: Sort, table: Table): Order {
  const column = table.numbers(sort.field);
  const sign = sort.field === 'age' ? -1 : 1;
  const apply = (slots: Uint32Array, needed: number): Uint32Array => {
    if (!column) return slots;
    const { values } = column;
    const direction = sort.descending ? -sign : sign;
    const number = new Float64Array(1);
    const words = new Uint32Array(number.buffer);
    const low = new Uint32Array(slots.length);
    const high = new Uint32Array(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const value = values[slots[i] ?? 0] ?? Number.NaN;
      // + 0 makes -0 the same as 0.
      number[0] = direction * value + 0;
      const flip = (words[1] ?? 0) >>> 31 === 1 ? 0xffffffff : 0x80000000;
      const isNull = Number.isNaN(value);
      high[i] = isNull ? 0xffffffff : ((words[1] ?? 0) ^ flip) >>> 0;
      low[i] = isNull ? 0xffffffff : flip === 0xffffffff ? ~(words[0] ?? 0) >>> 0 : (words[0] ?? 0);
    }
    return radixSort(slots, [low, high], needed);
  };
  return {
    sort,
    apply,
    valueOf: (slot) => {
      const value = column?.values[slot] ?? Number.NaN;
      return Number.isNaN(value) ? null : sign * value;
    },
  };
}

/** Compares sort values as {@link Order.apply} does. */
export function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const ascending = typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
  return descending ? -ascending : ascending;
}
