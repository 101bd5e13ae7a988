import { grown, tableFor } from './arrays.ts';
import type { Hash } from './hash.ts';
import type { Rows } from './rows.ts';

const TYPE_BITS = 15;
const HEAD = 16;
const BAD = 32;
const SEEN = 64;
/** Of an address: private. */
const WEAK = 128;

/**
 * Identities of all rows. An entry is one identity of one row; entries of one identity are a chain that its hash finds (open addressing,
 * linear probing). Entries of a row stand in a row. Dead ones leave their chain with {@link purge}, the arrays when all is compacted.
 */
export class Keys {
  size = 0;
  slots: Uint32Array;
  /** Next entry of the same identity, +1; 0 behind the last. */
  next: Uint32Array;
  readonly #rows: Rows;
  #a: Uint32Array;
  #b: Uint32Array;
  #c: Uint32Array;
  #flags: Uint8Array;
  /** First entry of each identity, +1; 0 is free. */
  #places: Uint32Array;
  #used = 0;

  constructor(rows: Rows, expected: number) {
    this.#rows = rows;
    this.slots = new Uint32Array(expected);
    this.next = new Uint32Array(expected);
    this.#a = new Uint32Array(expected);
    this.#b = new Uint32Array(expected);
    this.#c = new Uint32Array(expected);
    this.#flags = new Uint8Array(expected);
    this.#places = new Uint32Array(tableFor(expected));
  }

  /** @param isChained false for what is only ever compared row by row */
  add(slot: number, type: number, { a, b, c }: Hash, isWeak: boolean, isChained: boolean): void {
    const place = isChained ? this.#find(a, b, c) : -1;
    const first = isChained ? (this.#places[place] ?? 0) : 0;
    // The same identity twice in one row is one entry: a row does not contradict itself.
    if (first !== 0 && this.slots[first - 1] === slot) return;
    const entry = this.size++;
    this.#grow();
    this.#a[entry] = a;
    this.#b[entry] = b;
    this.#c[entry] = c;
    this.slots[entry] = slot;
    this.#flags[entry] = type | (isWeak ? WEAK : 0);
    this.next[entry] = first;
    if (this.#rows.firstKey[slot] === 0) this.#rows.firstKey[slot] = entry + 1;
    if (!isChained) return;
    const old = first === 0 ? 0 : (this.#flags[first - 1] ?? 0);
    this.#flags[entry] = type | (isWeak ? WEAK : 0) | HEAD | (old & (BAD | SEEN));
    if (first !== 0) this.#flags[first - 1] = old & ~(HEAD | BAD | SEEN);
    this.#places[place] = entry + 1;
    if (first === 0 && ++this.#used > this.#places.length * 0.6) this.#rehash();
  }

  #grow(): void {
    if (this.size <= this.slots.length) return;
    this.slots = grown(this.slots, this.size);
    this.next = grown(this.next, this.size);
    this.#a = grown(this.#a, this.size);
    this.#b = grown(this.#b, this.size);
    this.#c = grown(this.#c, this.size);
    this.#flags = grown(this.#flags, this.size);
  }

  /** Where an identity stands, or would. */
  #find(a: number, b: number, c: number): number {
    const mask = this.#places.length - 1;
    let place = a & mask;
    for (let entry = this.#places[place] ?? 0; entry !== 0; entry = this.#places[place] ?? 0) {
      if (this.#a[entry - 1] === a && this.#b[entry - 1] === b && this.#c[entry - 1] === c) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  #rehash(): void {
    this.#places = new Uint32Array(tableFor(this.#used * 1.5));
    const mask = this.#places.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      if (((this.#flags[entry] ?? 0) & HEAD) === 0) continue;
      let place = (this.#a[entry] ?? 0) & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = entry + 1;
    }
  }

  /** First entry of an identity, -1 if no row has it. */
  find({ a, b, c }: Hash): number {
    return (this.#places[this.#find(a, b, c)] ?? 0) - 1;
  }

  /** First entry of the identity of an entry. */
  headOf(entry: number): number {
    if (this.isHead(entry)) return entry;
    return (this.#places[this.#find(this.#a[entry] ?? 0, this.#b[entry] ?? 0, this.#c[entry] ?? 0)] ?? 0) - 1;
  }

  isHead(entry: number): boolean {
    return ((this.#flags[entry] ?? 0) & HEAD) !== 0;
  }

  /** True if the entry is known to be the only one of its identity. */
  isSingle(entry: number): boolean {
    return this.next[entry] === 0 && ((this.#flags[entry] ?? 0) & (HEAD | BAD)) === HEAD;
  }

  type(entry: number): number {
    return (this.#flags[entry] ?? 0) & TYPE_BITS;
  }

  isWeak(entry: number): boolean {
    return ((this.#flags[entry] ?? 0) & WEAK) !== 0;
  }

  isBad(head: number): boolean {
    return ((this.#flags[head] ?? 0) & BAD) !== 0;
  }

  setBad(head: number, isBad: boolean): void {
    const flags = this.#flags[head] ?? 0;
    this.#flags[head] = isBad ? flags | BAD : flags & ~BAD;
  }

  /** @returns false if it was seen already */
  see(head: number): boolean {
    const flags = this.#flags[head] ?? 0;
    this.#flags[head] = flags | SEEN;
    return (flags & SEEN) === 0;
  }

  unsee(head: number): void {
    this.#flags[head] = (this.#flags[head] ?? 0) & ~SEEN;
  }

  isSame(x: number, y: number): boolean {
    return this.#a[x] === this.#a[y] && this.#b[x] === this.#b[y] && this.#c[x] === this.#c[y];
  }

  hash(entry: number): Hash {
    return { a: this.#a[entry] ?? 0, b: this.#b[entry] ?? 0, c: this.#c[entry] ?? 0 };
  }

  /** Takes entries of dead rows out of a chain. @returns its first entry now, -1 if none is left */
  purge(head: number): number {
    const place = this.#find(this.#a[head] ?? 0, this.#b[head] ?? 0, this.#c[head] ?? 0);
    const kept = (this.#flags[head] ?? 0) & (BAD | SEEN);
    let first = 0;
    let last = -1;
    for (let at = head + 1; at !== 0; at = this.next[at - 1] ?? 0) {
      this.#flags[at - 1] = (this.#flags[at - 1] ?? 0) & ~(HEAD | BAD | SEEN);
      if (!this.#rows.isLive(this.slots[at - 1] ?? 0)) continue;
      if (last < 0) first = at;
      else this.next[last] = at;
      last = at - 1;
    }
    if (last < 0) {
      this.#free(place);
      return -1;
    }
    this.next[last] = 0;
    this.#flags[first - 1] = (this.#flags[first - 1] ?? 0) | HEAD | kept;
    this.#places[place] = first;
    return first - 1;
  }

  /** Frees a place and moves up what probing put behind it. */
  #free(place: number): void {
    const mask = this.#places.length - 1;
    let free = place;
    for (let at = (free + 1) & mask; this.#places[at] !== 0; at = (at + 1) & mask) {
      const home = (this.#a[(this.#places[at] ?? 0) - 1] ?? 0) & mask;
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      this.#places[free] = this.#places[at] ?? 0;
      free = at;
    }
    this.#places[free] = 0;
    this.#used--;
  }
}
