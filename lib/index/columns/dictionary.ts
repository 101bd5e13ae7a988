import { fold, matches } from '#lib/language/grammar/pattern.ts';
import { naturalKey } from '../order/natural.ts';
import { SortedKeys } from '../order/sorted-keys.ts';

/** The code of "not set" in every dictionary. */
export const UNSET = 0;

/** In a dictionary that keeps it apart: an empty value that is there all the same, a label without text. */
export const EMPTY = 1;

export interface DictionaryOptions {
  /** Gives the empty text that is set a code of its own, {@link EMPTY}. */
  empty?: boolean;
  /** Keeps spellings that differ in case only apart: ids. */
  exact?: boolean;
}

/**
 * The values of one column as numbers. Spellings that differ in case only are one value, shown as it was first seen, so that a
 * facet's count is what its filter finds.
 */
export class Dictionary {
  readonly options: DictionaryOptions;
  readonly #codes = new Map<string, number>([['', UNSET]]);
  readonly #spellings: string[] = [''];
  readonly #folded: string[] = [''];
  readonly #order = new SortedKeys();
  #last = '';
  #lastCode = UNSET;

  constructor(options: DictionaryOptions = {}) {
    this.options = options;
    if (options.empty) {
      this.#spellings.push('');
      this.#folded.push('');
    }
  }

  /** Number of codes; codes are 0 to size - 1. */
  get size(): number {
    return this.#spellings.length;
  }

  /** The code of a value, a new one if it was never seen. Empty text is not set. */
  add(value: string): number {
    // Rows come scope by scope, so a value is often that of the row before: comparing is less work than hashing.
    if (value === this.#last) return this.#lastCode;
    this.#last = value;
    this.#lastCode = this.#codes.get(value) ?? this.#addNew(value);
    return this.#lastCode;
  }

  #addNew(value: string): number {
    const folded = fold(value);
    const same = this.options.exact ? undefined : this.#codes.get(folded);
    if (same !== undefined) {
      this.#codes.set(value, same);
      return same;
    }
    const code = this.#spellings.push(value) - 1;
    this.#folded.push(folded);
    this.#codes.set(value, code);
    if (!this.options.exact) this.#codes.set(folded, code);
    return code;
  }

  /** The code of a value in its folded spelling, or -1. */
  find(folded: string): number {
    return this.#codes.get(folded) ?? -1;
  }

  spelling(code: number): string {
    return this.#spellings[code] ?? '';
  }

  /** The key by which values sort; see {@link naturalKey}. */
  sortKey(code: number): string {
    return naturalKey(this.#folded[code] ?? '');
  }

  /** Marks the codes of the values that a pattern (folded parts) matches. */
  mark(allowed: Uint8Array, parts: readonly string[]): void {
    const code = parts.length === 1 && !this.options.exact ? this.#codes.get(parts[0] ?? '') : null;
    if (code !== null) {
      if (code !== undefined && code !== UNSET) allowed[code] = 1;
      return;
    }
    for (let other = 1; other < this.#folded.length; other++) {
      if (matches(parts, this.#folded[other] ?? '')) allowed[other] = 1;
    }
  }

  /** For each code its place in the natural order of all values; equal keys share a place. */
  ranks(): Uint32Array {
    return this.#order.ranks(this.size, (code) => this.sortKey(code));
  }
}
