import { grown } from '#lib/columns/arrays.ts';
import type { Hash } from '#lib/columns/hash.ts';
import { HashTable } from '#lib/columns/hash-table.ts';
import type { RowTable } from './rows.ts';

const TYPE_BITS = 15;
const HEAD = 16;
const CONFLICTING = 32;
const VISITED = 64;
/** Of an address: private. */
const WEAK = 128;

/**
 * Identities of all rows. An entry is one identity of one row; entries of one identity are a chain, of which a table of
 * hashes finds the first. The entries of a row are adjacent. Dead ones leave their chain with {@link purge}, the arrays when all is compacted.
 */
export class IdentityKeys {
  size = 0;
  slots: Uint32Array;
  /** Next entry of the same identity, +1; 0 behind the last. */
  next: Uint32Array;
  readonly #rows: RowTable;
  #b: Uint32Array;
  #c: Uint32Array;
  #flags: Uint8Array;
  /** By the first lane of their hashes: the first entry of each identity. Knows that lane of all others as well. */
  readonly #table: HashTable;

  constructor(rows: RowTable, expected: number) {
    this.#rows = rows;
    this.slots = new Uint32Array(expected);
    this.next = new Uint32Array(expected);
    this.#b = new Uint32Array(expected);
    this.#c = new Uint32Array(expected);
    this.#flags = new Uint8Array(expected);
    this.#table = new HashTable(expected);
  }

  /** @param isChained false for what is only ever compared row by row */
  add(slot: number, type: number, { a, b, c }: Hash, isWeak: boolean, isChained: boolean): void {
    const place = isChained ? this.#find(a, b, c) : -1;
    const first = place < 0 ? 0 : this.#table.at(place) + 1;
    // The same identity twice in one row is one entry: a row does not contradict itself.
    if (first !== 0 && this.slots[first - 1] === slot) return;
    const entry = this.size++;
    this.#grow();
    this.#b[entry] = b;
    this.#c[entry] = c;
    this.slots[entry] = slot;
    this.#flags[entry] = type | (isWeak ? WEAK : 0);
    this.next[entry] = first;
    if (this.#rows.firstKey[slot] === 0) this.#rows.firstKey[slot] = entry + 1;
    if (!isChained) {
      this.#table.setHash(entry, a);
      return;
    }
    const old = first === 0 ? 0 : (this.#flags[first - 1] ?? 0);
    this.#flags[entry] = type | (isWeak ? WEAK : 0) | HEAD | (old & (CONFLICTING | VISITED));
    if (first === 0) this.#table.add(entry, a);
    else {
      this.#flags[first - 1] = old & ~(HEAD | CONFLICTING | VISITED);
      this.#table.replace(place, entry);
    }
  }

  #grow(): void {
    if (this.size <= this.slots.length) return;
    this.slots = grown(this.slots, this.size);
    this.next = grown(this.next, this.size);
    this.#b = grown(this.#b, this.size);
    this.#c = grown(this.#c, this.size);
    this.#flags = grown(this.#flags, this.size);
  }

  /** Where the table has an identity, -1 if no row has it. */
  #find(a: number, b: number, c: number): number {
    const table = this.#table;
    for (let place = table.first(a); place >= 0; place = table.next(place)) {
      const entry = table.at(place);
      if (this.#b[entry] === b && this.#c[entry] === c) return place;
    }
    return -1;
  }

  /** First entry of an identity, -1 if no row has it. */
  find({ a, b, c }: Hash): number {
    const place = this.#find(a, b, c);
    return place < 0 ? -1 : this.#table.at(place);
  }

  /** First entry of the identity of an entry. */
  headOf(entry: number): number {
    return this.isHead(entry) ? entry : this.find(this.hash(entry));
  }

  isHead(entry: number): boolean {
    return ((this.#flags[entry] ?? 0) & HEAD) !== 0;
  }

  /** True if the entry is known to be the only one of its identity. */
  isSingle(entry: number): boolean {
    return this.next[entry] === 0 && ((this.#flags[entry] ?? 0) & (HEAD | CONFLICTING)) === HEAD;
  }

  type(entry: number): number {
    return (this.#flags[entry] ?? 0) & TYPE_BITS;
  }

  isWeak(entry: number): boolean {
    return ((this.#flags[entry] ?? 0) & WEAK) !== 0;
  }

  isConflicting(head: number): boolean {
    return ((this.#flags[head] ?? 0) & CONFLICTING) !== 0;
  }

  setConflicting(head: number, isConflicting: boolean): void {
    const flags = this.#flags[head] ?? 0;
    this.#flags[head] = isConflicting ? flags | CONFLICTING : flags & ~CONFLICTING;
  }

  /** @returns false if it was seen already */
  visit(head: number): boolean {
    const flags = this.#flags[head] ?? 0;
    this.#flags[head] = flags | VISITED;
    return (flags & VISITED) === 0;
  }

  unvisit(head: number): void {
    this.#flags[head] = (this.#flags[head] ?? 0) & ~VISITED;
  }

  isSame(x: number, y: number): boolean {
    return this.#table.hash(x) === this.#table.hash(y) && this.#b[x] === this.#b[y] && this.#c[x] === this.#c[y];
  }

  hash(entry: number): Hash {
    return { a: this.#table.hash(entry), b: this.#b[entry] ?? 0, c: this.#c[entry] ?? 0 };
  }

  /** Takes entries of dead rows out of a chain. @returns its first entry now, -1 if none is left */
  purge(head: number): number {
    const place = this.#table.placeOf(head);
    const kept = (this.#flags[head] ?? 0) & (CONFLICTING | VISITED);
    let first = 0;
    let last = -1;
    for (let at = head + 1; at !== 0; at = this.next[at - 1] ?? 0) {
      this.#flags[at - 1] = (this.#flags[at - 1] ?? 0) & ~(HEAD | CONFLICTING | VISITED);
      if (!this.#rows.isLive(this.slots[at - 1] ?? 0)) continue;
      if (last < 0) first = at;
      else this.next[last] = at;
      last = at - 1;
    }
    if (last < 0) {
      this.#table.removeAt(place);
      return -1;
    }
    this.next[last] = 0;
    this.#flags[first - 1] = (this.#flags[first - 1] ?? 0) | HEAD | kept;
    this.#table.replace(place, first - 1);
    return first - 1;
  }
}
