import type { Codes } from '../columns/columns.ts';
import { type Dictionary, UNSET } from '../columns/dictionary.ts';
import type { Table } from '../columns/table.ts';
import { allowedCodes } from '../filter/clause.ts';
import { byCodes } from '../order/order.ts';
import { namedGroups } from './grouping.ts';
import type { Counted, Counting, Kind } from './kind.ts';

/** One text a row that repeats over many rows. @param columnOf where the codes of a field are */
const coded = (storage: Kind['storage'], columnOf: (key: string, table: Table) => Codes | undefined): Kind => ({
  storage,
  cost: 0,
  moves: 'rows',
  mark({ key }, { values }, { table, deadline }, _, matched) {
    const column = columnOf(key, table);
    if (column) markCodes(column.codes, allowedCodes(column.dictionary, values, deadline), matched);
  },
  count({ key }, counting, { table }) {
    const column = columnOf(key, table);
    return column ? spelled(countCodes(counting, column.codes, column.dictionary.size), column.dictionary) : [];
  },
  group({ key }, { table }) {
    const column = columnOf(key, table);
    if (!column) return namedGroups(new Uint16Array(table.size), 1, () => '');
    const { codes, dictionary } = column;
    return namedGroups(codes, dictionary.size, (code) => dictionary.spelling(code));
  },
  order(sort, { table }) {
    const column = columnOf(sort.field, table);
    if (!column) return byCodes(sort, table.size, new Uint16Array(table.size), new Uint32Array(1), () => '');
    const { codes, dictionary } = column;
    return byCodes(sort, table.size, codes, dictionary.ranks(), (code) => dictionary.sortKey(code));
  },
});

export const codes = coded('codes', (key, table) => table.codes(key));
/** Spellings that differ in case only are two values: ids. */
export const exact = coded('exact', (key, table) => table.codes(key));
/** The name of the host that a row is or runs on. */
export const node = coded(null, (_, table) => table.derived.nodes);

/** @param allowed 1 for each code that a clause names */
export function markCodes(codes: Codes['codes'], allowed: Uint8Array, matched: Uint8Array): void {
  for (let slot = 0; slot < matched.length; slot++) matched[slot] = allowed[codes[slot] ?? 0] ?? 0;
}

export function countCodes({ excluded, number }: Counting, codes: Codes['codes'], size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let slot = 0; slot < excluded.length; slot++) {
    const excludedBy = excluded[slot];
    if (excludedBy !== 0 && excludedBy !== number) continue;
    const code = codes[slot] ?? UNSET;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

export function spelled(counts: Uint32Array, dictionary: Dictionary): Counted[] {
  const counted: Counted[] = [];
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0;
    if (count > 0) counted.push({ value: dictionary.spelling(code), count });
  }
  return counted;
}
