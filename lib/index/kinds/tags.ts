import { tagKeyOf } from '#lib/language/fields.ts';
import { EMPTY, UNSET } from '../columns/dictionary.ts';
import type { Table } from '../columns/table.ts';
import { allowedCodes, has } from '../filter/clause.ts';
import { byCodes } from '../order/order.ts';
import { spelled } from './codes.ts';
import { namedGroups } from './grouping.ts';
import type { Kind } from './kind.ts';

/** The column of the tag that a field's key names; undefined if no row has it. */
const entriesOf = (key: string, table: Table) => table.tags(tagKeyOf(key) ?? '');

/** The values of one tag key, of which a row has none, one or several. */
export const tag: Kind = {
  storage: null,
  cost: 0,
  moves: 'rows',
  mark({ key }, { values }, { table, deadline }, _, matched) {
    const column = entriesOf(key, table);
    const unset = has(values, 'unset');
    if (unset) matched.fill(1);
    if (!column) return;
    const { slots, codes, size } = column;
    const allowed = allowedCodes(column.dictionary, values, deadline);
    // A label without text is set, and empty: both `*` and `""` find it.
    if (unset) allowed[EMPTY] = 1;
    if (unset) for (let i = 0; i < size; i++) matched[slots[i] ?? 0] = 0;
    for (let i = 0; i < size; i++) if (allowed[codes[i] ?? 0] === 1) matched[slots[i] ?? 0] = 1;
  },
  count({ key }, { excluded, number }, { table }) {
    const column = entriesOf(key, table);
    let rows = 0;
    for (let slot = 0; slot < excluded.length; slot++) if (excluded[slot] === 0 || excluded[slot] === number) rows++;
    if (!column) return rows === 0 ? [] : [{ value: '', count: rows }];
    const { slots, codes, size, dictionary } = column;
    const counts = new Uint32Array(dictionary.size);
    let last = -1;
    for (let i = 0; i < size; i++) {
      const slot = slots[i] ?? 0;
      const excludedBy = excluded[slot];
      if (excludedBy !== 0 && excludedBy !== number) continue;
      const code = codes[i] ?? UNSET;
      counts[code] = (counts[code] ?? 0) + 1;
      // A row's values stand side by side.
      if (slot !== last) rows--;
      last = slot;
    }
    counts[UNSET] = rows + (counts[EMPTY] ?? 0);
    counts[EMPTY] = 0;
    return spelled(counts, dictionary);
  },
  group({ key }, { table }) {
    const codes = new Uint32Array(table.size);
    const column = entriesOf(key, table);
    if (!column) return namedGroups(codes, 1, () => '');
    const { slots, codes: values, dictionary } = column;
    for (let i = column.size - 1; i >= 0; i--)
      codes[slots[i] ?? 0] = values[i] === EMPTY ? UNSET : (values[i] ?? UNSET);
    return namedGroups(codes, dictionary.size, (code) => dictionary.spelling(code));
  },
  order(sort, { table }) {
    const codes = new Uint32Array(table.size);
    const column = entriesOf(sort.field, table);
    if (!column) return byCodes(sort, table.size, codes, new Uint32Array(1), () => '');
    // Backwards, so that the first of a row's values stays.
    for (let i = column.size - 1; i >= 0; i--) codes[column.slots[i] ?? 0] = column.codes[i] ?? UNSET;
    const { dictionary } = column;
    return byCodes(sort, table.size, codes, dictionary.ranks(), (code) => dictionary.sortKey(code));
  },
};
