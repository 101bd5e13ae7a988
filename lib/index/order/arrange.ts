import type { Order } from './order.ts';
import { radixSort } from './radix.ts';

/** Places of an order, from the first to before the last. */
export interface Window {
  from: number;
  to: number;
}

/** A part of an order: `slots` begins at place `from`. */
export interface Arranged {
  from: number;
  slots: Uint32Array;
}

/** Steps into which the range of the keys is cut to find the limits of a window; the one behind is for rows without a value. */
const STEPS = 4096;
const OUT = 0xffff;

/** The order of names over all live rows: which slot is at each place, and which place each slot has. */
export interface Names {
  order(): Uint32Array;
  places(): Uint32Array;
}

/** Where fewer than one of this many rows are selected, they are picked and sorted by name instead of all being walked by name. */
const FEW = 8;

/**
 * The rows of a selection in an order, ties by name.
 * @param excluded not 0 for rows that are not selected
 * @param window places that are wanted: what lies outside is counted and not sorted, where that is worth its while
 */
export function arrange(
  { keys, sort }: Pick<Order, 'keys' | 'sort'>,
  { excluded, total }: { excluded: Uint8Array; total: number },
  names: Names,
  window: Window,
): Arranged {
  const isFew = total * FEW < excluded.length;
  if (keys !== null && !isFew && (window.to - window.from) * 4 < total) {
    const part = within(keys.highs(), excluded, names.order(), window);
    return part.isTied ? part : { from: part.from, slots: radixSort(part.slots, keys.words(part.slots)) };
  }
  const slots = isFew ? picked(excluded, total, names.places()) : walked(excluded, total, names.order());
  if (keys === null) return { from: 0, slots: sort.descending ? slots.toReversed() : slots };
  return { from: 0, slots: radixSort(slots, keys.words(slots)) };
}

function walked(excluded: Uint8Array, total: number, byName: Uint32Array): Uint32Array {
  if (total === byName.length) return byName;
  const slots = new Uint32Array(total);
  let size = 0;
  for (let i = 0; i < byName.length; i++) {
    const slot = byName[i] ?? 0;
    if (excluded[slot] === 0) slots[size++] = slot;
  }
  return slots;
}

function picked(excluded: Uint8Array, total: number, places: Uint32Array): Uint32Array {
  const slots = new Uint32Array(total);
  const words = new Uint32Array(total);
  let size = 0;
  for (let slot = 0; slot < excluded.length; slot++) {
    if (excluded[slot] !== 0) continue;
    slots[size] = slot;
    words[size++] = places[slot] ?? 0;
  }
  return radixSort(slots, [words]);
}

/** Rows whose keys may be in the window, by name, and at which place they begin; tied if none of them has a value. */
function within(
  high: Uint32Array,
  excluded: Uint8Array,
  byName: Uint32Array,
  window: Window,
): Arranged & { isTied: boolean } {
  const steps = stepsOf(high, excluded);
  const counts = new Uint32Array(STEPS + 1);
  for (let slot = 0; slot < steps.length; slot++) {
    const step = steps[slot] ?? OUT;
    if (step !== OUT) counts[step] = (counts[step] ?? 0) + 1;
  }
  let first = 0;
  let from = 0;
  for (; first < STEPS && from + (counts[first] ?? 0) <= window.from; first++) from += counts[first] ?? 0;
  let last = first;
  let sum = from + (counts[first] ?? 0);
  while (last < STEPS && sum < window.to) sum += counts[++last] ?? 0;
  const slots = new Uint32Array(sum - from);
  let size = 0;
  for (let i = 0; i < byName.length; i++) {
    const slot = byName[i] ?? 0;
    const step = steps[slot] ?? OUT;
    if (step >= first && step <= last) slots[size++] = slot;
  }
  return { from, slots, isTied: first === STEPS };
}

/** The step of each slot's key; row by row as they lie in memory, for jumping about is what costs. */
function stepsOf(high: Uint32Array, excluded: Uint8Array): Uint16Array {
  let min = 0xffffffff;
  let max = 0;
  for (let slot = 0; slot < excluded.length; slot++) {
    if (excluded[slot] !== 0) continue;
    const key = high[slot] ?? 0;
    if (key < min) min = key;
    // The last key says nothing of how the others spread.
    if (key > max && key !== 0xffffffff) max = key;
  }
  const scale = STEPS / (Math.max(max, min) - min + 1);
  const steps = new Uint16Array(excluded.length);
  for (let slot = 0; slot < steps.length; slot++) {
    steps[slot] = excluded[slot] === 0 ? Math.min(STEPS, ((high[slot] ?? 0) - min) * scale) : OUT;
  }
  return steps;
}
