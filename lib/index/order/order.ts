import type { Sort } from '#lib/language/grammar/ast.ts';
import { UNSET } from '../columns/dictionary.ts';
import { compareText } from './sorted-keys.ts';

/** What a row sorts by: a number, a natural key, or null where it has no value. */
export type SortValue = number | string | null;

/** What an order compares: unsigned integers of one or two words. */
export interface SortKeys {
  /** The most significant word of every slot. */
  highs(): Uint32Array;
  /** All words of some slots, the least significant first. */
  words(slots: Uint32Array): Uint32Array[];
}

/**
 * An order of rows by one field. Rows without a value come last in both directions; ties go by name, then uid, so that every order
 * is total and no two rows ever trade places by chance.
 */
export interface Order {
  sort: Sort;
  /** Null for the order of names itself, whose descending is the exact reverse, uids of equal names included. */
  keys: SortKeys | null;
  valueOf(slot: number): SortValue;
}

/** Key of rows without a value. */
const LAST = 0xffffffff;

/** @param ranks place of each code; code 0 is no value */
export function byCodes(
  sort: Sort,
  size: number,
  codes: Uint16Array | Uint32Array,
  ranks: Uint32Array,
  keyOf: (code: number) => string,
): Order {
  const last = ranks.length - 1;
  const byCode = ranks.map((rank) => (sort.descending ? last - rank : rank));
  byCode[UNSET] = LAST;
  const keys: SortKeys = {
    highs: () => {
      const highs = new Uint32Array(size);
      for (let slot = 0; slot < size; slot++) highs[slot] = byCode[codes[slot] ?? UNSET] ?? LAST;
      return highs;
    },
    words: (slots) => {
      const words = new Uint32Array(slots.length);
      for (let i = 0; i < words.length; i++) words[i] = byCode[codes[slots[i] ?? 0] ?? UNSET] ?? LAST;
      return [words];
    },
  };
  return {
    sort,
    keys,
    valueOf: (slot) => {
      const code = codes[slot] ?? UNSET;
      return code === UNSET ? null : keyOf(code);
    },
  };
}

/** @param sign -1 for what is the stored number the other way round */
export function byNumbers(
  sort: Sort,
  size: number,
  column: { readonly values: Float64Array } | undefined,
  sign: 1 | -1,
): Order {
  const values = column?.values ?? new Float64Array(size).fill(Number.NaN);
  return {
    sort,
    keys: numberKeys(values, size, sort.descending ? -sign : sign),
    valueOf: (slot) => {
      const value = values[slot] ?? Number.NaN;
      return Number.isNaN(value) ? null : sign * value;
    },
  };
}

/** IEEE 754 as unsigned integers of the same order: negative numbers with all bits turned, others with the sign's only. */
function numberKeys(values: Float64Array, size: number, direction: number): SortKeys {
  const high = (word: number, value: number) =>
    Number.isNaN(value) ? LAST : (word >>> 31 === 1 ? ~word : word ^ 0x80000000) >>> 0;
  return {
    highs: () => {
      const { numbers, words } = signed(values.subarray(0, size), direction);
      const highs = new Uint32Array(size);
      for (let slot = 0; slot < size; slot++) highs[slot] = high(words[2 * slot + 1] ?? 0, numbers[slot] ?? 0);
      return highs;
    },
    words: (slots) => {
      const some = new Float64Array(slots.length);
      for (let i = 0; i < some.length; i++) some[i] = values[slots[i] ?? 0] ?? Number.NaN;
      const { numbers, words } = signed(some, direction);
      const [lows, highs] = [new Uint32Array(some.length), new Uint32Array(some.length)];
      for (let i = 0; i < some.length; i++) {
        const value = numbers[i] ?? 0;
        highs[i] = high(words[2 * i + 1] ?? 0, value);
        lows[i] = Number.isNaN(value) ? LAST : (value < 0 ? ~(words[2 * i] ?? 0) : (words[2 * i] ?? 0)) >>> 0;
      }
      return [lows, highs];
    },
  };
}

/** Numbers in a direction, and the same memory as words. Adding 0 makes -0 the same as 0. */
function signed(values: Float64Array, direction: number): { numbers: Float64Array; words: Uint32Array } {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = direction * (values[i] ?? Number.NaN) + 0;
  return { numbers, words: new Uint32Array(numbers.buffer) };
}

/** Compares sort values as {@link SortKeys} do. */
export function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const ascending = typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
  return descending ? -ascending : ascending;
}
