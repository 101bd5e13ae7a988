import { grown } from '#lib/columns/arrays.ts';
import type { DictionaryOptions } from './dictionary.ts';
import { Dictionary, EMPTY, UNSET } from './dictionary.ts';

/** Marks an old slot whose row is not kept. */
export const GONE = 0xffffffff;

/** One text value per row, as it is read. */
export interface Codes {
  readonly dictionary: Dictionary;
  readonly codes: Uint16Array | Uint32Array;
}

/** One text value per row, as codes of a dictionary. Two bytes a row until the dictionary needs four. */
export class CodeColumn {
  readonly dictionary: Dictionary;
  codes: Uint16Array | Uint32Array;

  constructor(options: DictionaryOptions = {}, capacity = 0) {
    this.dictionary = new Dictionary(options);
    this.codes = new Uint16Array(capacity);
  }

  set(slot: number, value: string | null): void {
    const code = value === null ? UNSET : this.dictionary.add(value);
    if (code > 0xffff && this.codes instanceof Uint16Array) this.codes = Uint32Array.from(this.codes);
    this.codes = grown(this.codes, slot + 1);
    this.codes[slot] = code;
  }

  /** Keeps these rows only, in this order, and forgets values that nobody has any more. */
  compact(keep: Uint32Array): CodeColumn {
    const column = new CodeColumn(this.dictionary.options);
    const recode = recoder(this.dictionary, column.dictionary);
    const codes = new Uint32Array(keep.length);
    for (let i = 0; i < keep.length; i++) codes[i] = recode(this.codes[keep[i] ?? 0] ?? UNSET);
    column.codes = column.dictionary.size > 0x10000 ? codes : Uint16Array.from(codes);
    return column;
  }
}

/** Codes of one dictionary as codes of another, which gets the values that are met. */
function recoder(from: Dictionary, to: Dictionary): (code: number) => number {
  const codes = new Int32Array(from.size).fill(-1);
  codes[UNSET] = UNSET;
  if (from.options.empty) codes[EMPTY] = EMPTY;
  return (code) => {
    const known = codes[code] ?? -1;
    if (known >= 0) return known;
    const fresh = to.add(from.spelling(code));
    codes[code] = fresh;
    return fresh;
  };
}

/** One number per row; NaN where the provider does not say. */
export class NumberColumn {
  values: Float64Array;

  constructor(capacity = 0) {
    this.values = new Float64Array(capacity);
  }

  set(slot: number, value: number | null): void {
    this.values = grown(this.values, slot + 1);
    this.values[slot] = value ?? Number.NaN;
  }

  compact(keep: Uint32Array): NumberColumn {
    const column = new NumberColumn(keep.length);
    for (let i = 0; i < keep.length; i++) column.values[i] = this.values[keep[i] ?? 0] ?? Number.NaN;
    return column;
  }
}

/**
 * Any number of text values per row, as a list of (row, code) in the order of rows: cheap where few rows have a value, which is
 * so for most tag keys.
 */
export class EntryColumn {
  readonly dictionary: Dictionary;
  slots = new Uint32Array(0);
  codes = new Uint32Array(0);
  size = 0;

  constructor(dictionary = new Dictionary({ empty: true })) {
    this.dictionary = dictionary;
  }

  /** Adds a value to a row; rows come in rising order. A value that the row has already is not added again. */
  add(slot: number, value: string): void {
    const code = value === '' ? EMPTY : this.dictionary.add(value);
    for (let i = this.size - 1; i >= 0 && this.slots[i] === slot; i--) if (this.codes[i] === code) return;
    this.slots = grown(this.slots, this.size + 1);
    this.codes = grown(this.codes, this.size + 1);
    this.slots[this.size] = slot;
    this.codes[this.size++] = code;
  }

  /** @param moved for each old slot its new one, or {@link GONE} */
  compact(moved: Uint32Array, dictionary?: Dictionary): EntryColumn {
    const column = new EntryColumn(dictionary);
    const recode = recoder(this.dictionary, column.dictionary);
    column.slots = new Uint32Array(this.size);
    column.codes = new Uint32Array(this.size);
    for (let i = 0; i < this.size; i++) {
      const slot = moved[this.slots[i] ?? 0] ?? GONE;
      if (slot === GONE) continue;
      column.slots[column.size] = slot;
      column.codes[column.size++] = recode(this.codes[i] ?? UNSET);
    }
    column.slots = column.slots.slice(0, column.size);
    column.codes = column.codes.slice(0, column.size);
    return column;
  }
}
