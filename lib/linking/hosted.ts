import { grown, tableFor } from './arrays.ts';
import type { Hash } from './hash.ts';
import type { Rows } from './rows.ts';

/**
 * What rows say they run on: identities that a host has, or will have once it is listed. Each such identity is a key with the row that
 * it means and a chain of those who wait on it.
 */
export class Hosted {
  /** Bits of the types of identities that keys have. */
  types = 0;
  /** By key: the row that it means, +1; 0 if none or no single machine has it. */
  meant: Uint32Array = new Uint32Array(64);
  readonly #rows: Rows;
  #keys = 0;
  #a: Uint32Array = new Uint32Array(64);
  #b: Uint32Array = new Uint32Array(64);
  #c: Uint32Array = new Uint32Array(64);
  #type: Uint8Array = new Uint8Array(64);
  #isDue: Uint8Array = new Uint8Array(64);
  #firstGuest: Uint32Array = new Uint32Array(64);
  #places: Uint32Array = new Uint32Array(tableFor(64));
  #due: number[] = [];
  #guests = 0;
  #slotOf: Uint32Array;
  #keyOf: Uint32Array;
  #next: Uint32Array;

  constructor(rows: Rows, expected: number) {
    this.#rows = rows;
    this.#slotOf = new Uint32Array(expected);
    this.#keyOf = new Uint32Array(expected);
    this.#next = new Uint32Array(expected);
  }

  add(slot: number, type: number, hash: Hash): void {
    const key = this.#keyFor(type, hash);
    const guest = this.#guests++;
    this.#slotOf = grown(this.#slotOf, this.#guests);
    this.#keyOf = grown(this.#keyOf, this.#guests);
    this.#next = grown(this.#next, this.#guests);
    this.#slotOf[guest] = slot;
    this.#keyOf[guest] = key;
    this.#next[guest] = this.#firstGuest[key] ?? 0;
    this.#firstGuest[key] = guest + 1;
    if (this.#rows.firstHost[slot] === 0) this.#rows.firstHost[slot] = guest + 1;
  }

  #keyFor(type: number, hash: Hash): number {
    const place = this.#find(hash);
    const found = this.#places[place] ?? 0;
    if (found !== 0) return found - 1;
    const key = this.#keys++;
    this.#a = grown(this.#a, this.#keys);
    this.#b = grown(this.#b, this.#keys);
    this.#c = grown(this.#c, this.#keys);
    this.#type = grown(this.#type, this.#keys);
    this.#isDue = grown(this.#isDue, this.#keys);
    this.#firstGuest = grown(this.#firstGuest, this.#keys);
    this.meant = grown(this.meant, this.#keys);
    this.#a[key] = hash.a;
    this.#b[key] = hash.b;
    this.#c[key] = hash.c;
    this.#type[key] = type;
    this.types |= 1 << type;
    this.#places[place] = key + 1;
    if (this.#keys > this.#places.length * 0.6) this.#rehash();
    this.setDue(key);
    return key;
  }

  #find({ a, b, c }: Hash): number {
    const mask = this.#places.length - 1;
    let place = a & mask;
    for (let key = this.#places[place] ?? 0; key !== 0; key = this.#places[place] ?? 0) {
      if (this.#a[key - 1] === a && this.#b[key - 1] === b && this.#c[key - 1] === c) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #rehash(): void {
    this.#places = new Uint32Array(tableFor(this.#keys * 1.5));
    const mask = this.#places.length - 1;
    for (let key = 0; key < this.#keys; key++) {
      let place = (this.#a[key] ?? 0) & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = key + 1;
    }
  }

  /** The key of an identity, -1 if nobody says that it runs on that. */
  find(hash: Hash): number {
    return (this.#places[this.#find(hash)] ?? 0) - 1;
  }

  hash(key: number): Hash {
    return { a: this.#a[key] ?? 0, b: this.#b[key] ?? 0, c: this.#c[key] ?? 0 };
  }

  type(key: number): number {
    return this.#type[key] ?? 0;
  }

  /** The rows that have this identity, or their machines, changed. */
  setDue(key: number): void {
    if (this.#isDue[key] === 1) return;
    this.#isDue[key] = 1;
    this.#due.push(key);
  }

  takeDue(): number[] {
    const due = this.#due;
    for (const key of due) this.#isDue[key] = 0;
    this.#due = [];
    return due;
  }

  /** Calls back for each live row that names this identity as its host. */
  eachGuest(key: number, tell: (slot: number) => void): void {
    let before = -1;
    for (let at = this.#firstGuest[key] ?? 0; at !== 0; at = this.#next[at - 1] ?? 0) {
      const slot = this.#slotOf[at - 1] ?? 0;
      if (this.#rows.isLive(slot)) {
        tell(slot);
        before = at - 1;
      } else if (before < 0) this.#firstGuest[key] = this.#next[at - 1] ?? 0;
      else this.#next[before] = this.#next[at - 1] ?? 0;
    }
  }

  /** Keys that a row names, in its order. */
  keysOf(slot: number): number[] {
    const keys: number[] = [];
    for (let at = (this.#rows.firstHost[slot] ?? 0) - 1; at >= 0 && at < this.#guests; at++) {
      if (this.#slotOf[at] !== slot) break;
      keys.push(this.#keyOf[at] ?? 0);
    }
    return keys;
  }

  /** The row that this row says it runs on, by the first of its words that is known; -1 if none is. */
  direct(slot: number): number {
    for (let at = (this.#rows.firstHost[slot] ?? 0) - 1; at >= 0 && at < this.#guests; at++) {
      if (this.#slotOf[at] !== slot) break;
      const host = (this.meant[this.#keyOf[at] ?? 0] ?? 0) - 1;
      if (host >= 0 && host !== slot) return host;
    }
    return -1;
  }
}
