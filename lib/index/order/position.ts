import type { CursorPosition } from '#lib/language/cursor.ts';
import type { Sort } from '#lib/language/grammar/ast.ts';
import type { Table } from '../columns/table.ts';
import type { Order } from './order.ts';
import { compareValues } from './order.ts';
import { compareText } from './sorted-keys.ts';

/** Where a row stands in an order. */
export function positionOf(slot: number, order: Order, table: Table): CursorPosition {
  return { value: order.valueOf(slot), name: table.nameKey(slot), uid: table.uid(slot) };
}

/** Index of the first row behind a position, whether or not its row is still there. */
export function after(position: CursorPosition, order: Order, slots: Uint32Array, table: Table): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePositions(positionOf(slots[middle] ?? 0, order, table), position, order.sort) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function comparePositions(a: CursorPosition, b: CursorPosition, { field, descending }: Sort): number {
  const byValue = compareValues(a.value, b.value, descending);
  if (byValue !== 0) return byValue;
  const tie = compareText(a.name, b.name) || compareText(a.uid, b.uid);
  return field === 'name' && descending ? -tie : tie;
}
