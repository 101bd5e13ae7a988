import type { Field } from '#lib/language/field.ts';
import type { FieldClause } from '#lib/language/grammar/ast.ts';
import { boundsOf } from '#lib/language/grammar/literal.ts';
import type { Table } from '../columns/table.ts';
import { has, type Snapshot } from '../filter/clause.ts';
import { byNumbers } from '../order/order.ts';
import type { Kind } from './kind.ts';

type Values = { readonly values: Float64Array } | undefined;

/** Numbers, which are compared. @param columnOf where those of a field are, NaN where a row has none; undefined if no row has one */
const ordered = (
  storage: Kind['storage'],
  columnOf: (key: string, table: Table) => Values,
  { isAge }: { isAge: boolean } = { isAge: false },
): Kind => ({
  storage,
  cost: 0,
  moves: isAge ? 'time' : 'rows',
  mark: (field, clause, snapshot, _, matched) =>
    mark(columnOf(field.key, snapshot.table), isAge, field, clause, snapshot, matched),
  count: null,
  group: null,
  // The youngest was created last.
  order: (sort, { table }) => byNumbers(sort, table.size, columnOf(sort.field, table), isAge ? -1 : 1),
});

export const number = ordered('numbers', (key, table) => table.numbers(key));
/** The time from `created` to now. */
export const age = ordered(null, (_, table) => table.numbers('created'), { isAge: true });
export const members = ordered(null, (_, table) => table.derived.members);
export const guests = ordered(null, (_, table) => table.derived.guests);
export const unmeasured = ordered(null, () => undefined);

function mark(
  column: Values,
  isAge: boolean,
  { type }: Field,
  clause: FieldClause,
  { now, deadline }: Snapshot,
  matched: Uint8Array,
): void {
  // What is not measured is not set, and no comparison with it holds.
  if (!column) {
    if (has(clause.values, 'unset')) matched.fill(1);
    return;
  }
  const { values } = column;
  const [any, unset] = [has(clause.values, 'any') ? 1 : 0, has(clause.values, 'unset') ? 1 : 0];
  if (any + unset > 0) {
    for (let slot = 0; slot < matched.length; slot++) matched[slot] = Number.isNaN(values[slot]) ? unset : any;
  }
  for (const value of clause.values) {
    deadline.check();
    const bounds = boundsOf(type, clause.op, value);
    if (bounds === null) continue;
    const { min, minOpen, max, maxOpen } = bounds;
    for (let slot = 0; slot < matched.length; slot++) {
      const stored = values[slot] ?? Number.NaN;
      const n = isAge ? now - stored : stored;
      if ((minOpen ? n > min : n >= min) && (maxOpen ? n < max : n <= max)) matched[slot] = 1;
    }
  }
}
