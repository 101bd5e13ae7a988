import type { ColumnKind, Field } from '#lib/language/field.ts';
import type { FieldTable } from '#lib/language/fields.ts';
import type { Sort } from '#lib/language/grammar/ast.ts';
import { type Layout, layoutOf } from '../columns/layout.ts';
import type { Snapshot } from '../filter/clause.ts';
import type { Order } from '../order/order.ts';
import { address } from './addresses.ts';
import { codes, exact, node } from './codes.ts';
import { freshness } from './freshness.ts';
import type { Kind } from './kind.ts';
import { age, guests, members, number, unmeasured } from './numbers.ts';
import { machine, on, runs } from './stack.ts';
import { tag } from './tags.ts';
import { id, name, text } from './texts.ts';

/** What the index knows of fields: no other file of it asks which field it has before it. */
const KINDS: Readonly<Record<ColumnKind, Kind>> = {
  codes,
  exact,
  number,
  // Epoch ms.
  time: number,
  text,
  name,
  id,
  address,
  tag,
  age,
  unmeasured,
  freshness,
  on,
  runs,
  node,
  machine,
  members,
  guests,
};

export const kindOf = ({ index }: Field): Kind => KINDS[index];

/** The columns of a table of these fields. */
export const columnsOf = ({ all }: FieldTable): Layout => layoutOf(all, (field) => kindOf(field).storage);

/** @throws TypeError for a field that cannot be sorted by, which the grammar does not let through */
export function orderBy(sort: Sort, snapshot: Snapshot): Order {
  const field = snapshot.fields.find(sort.field);
  const order = field && kindOf(field).order?.(sort, snapshot);
  if (!order) throw new TypeError(`no order by ${sort.field}`);
  return order;
}
