import type { Sort } from '#lib/language/grammar/ast.ts';
import type { Table } from '../columns/table.ts';
import type { TextColumn } from '../columns/text-column.ts';
import type { Snapshot } from '../filter/clause.ts';
import { has, markPresence, patternsOf } from '../filter/clause.ts';
import type { Order } from '../order/order.ts';
import type { Kind } from './kind.ts';

/** Of columns of one text a row, and of that of which the first is the id. */
const FIRST = [0, 1] as const;

/** Text of its own in nearly every row. @param columnOf where that of a field is */
const searched = (
  storage: Kind['storage'],
  columnOf: (key: string, table: Table) => TextColumn,
  order: Kind['order'] = null,
): Kind => ({
  storage,
  cost: 1,
  moves: 'rows',
  mark({ key }, { values }, { table, deadline }, excluded, matched) {
    const column = columnOf(key, table);
    const find = (parts: readonly string[], into: Uint8Array) =>
      column.match(parts, () => FIRST, excluded, into, deadline);
    if (has(values, 'any') || has(values, 'unset')) {
      const empty = new Uint8Array(table.size);
      find([''], empty);
      markPresence(
        values,
        empty.map((isEmpty) => 1 - isEmpty),
        matched,
      );
    }
    for (const parts of patternsOf(values)) find(parts, matched);
  },
  count: null,
  group: null,
  order,
});

const byName = (sort: Sort, { table }: Snapshot): Order => ({
  sort,
  keys: null,
  valueOf: (slot) => table.nameKey(slot),
});

export const text = searched('texts', (key, table) => table.texts(key));
/** Kept with what words search. */
export const name = searched(null, (_, table) => table.names, byName);
export const id = searched(null, (_, table) => table.text);
