import { grown } from '#lib/columns/arrays.ts';
import type { Hash } from '#lib/columns/hash.ts';
import { HashTable } from '#lib/columns/hash-table.ts';
import type { RowTable } from './rows.ts';

/**
 * Hosts that rows declare: identities that a host has, or will have once it is listed. Each such identity is a key with the row that it
 * resolves to and a chain of the rows that declare it.
 */
export class HostReferences {
  /** Bits of the types of identities that keys have. */
  types = 0;
  /** By key: the row that it resolves to, +1; 0 if no machine has it, or several have. */
  resolved: Uint32Array = new Uint32Array(64);
  readonly #rows: RowTable;
  #keys = 0;
  readonly #table = new HashTable();
  #b: Uint32Array = new Uint32Array(64);
  #c: Uint32Array = new Uint32Array(64);
  #type: Uint8Array = new Uint8Array(64);
  #isDue: Uint8Array = new Uint8Array(64);
  #firstGuest: Uint32Array = new Uint32Array(64);
  #due: number[] = [];
  #guests = 0;
  #slotOf: Uint32Array;
  #keyOf: Uint32Array;
  #next: Uint32Array;

  constructor(rows: RowTable, expected: number) {
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
    const found = this.find(hash);
    if (found >= 0) return found;
    const key = this.#keys++;
    this.#b = grown(this.#b, this.#keys);
    this.#c = grown(this.#c, this.#keys);
    this.#type = grown(this.#type, this.#keys);
    this.#isDue = grown(this.#isDue, this.#keys);
    this.#firstGuest = grown(this.#firstGuest, this.#keys);
    this.resolved = grown(this.resolved, this.#keys);
    this.#b[key] = hash.b;
    this.#c[key] = hash.c;
    this.#type[key] = type;
    this.types |= 1 << type;
    this.#table.add(key, hash.a);
    this.setDue(key);
    return key;
  }

  /** The key of an identity, -1 if nobody says that it runs on that. */
  find({ a, b, c }: Hash): number {
    const table = this.#table;
    for (let place = table.first(a); place >= 0; place = table.next(place)) {
      const key = table.at(place);
      if (this.#b[key] === b && this.#c[key] === c) return key;
    }
    return -1;
  }

  hash(key: number): Hash {
    return { a: this.#table.hash(key), b: this.#b[key] ?? 0, c: this.#c[key] ?? 0 };
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
  eachGuest(key: number, visit: (slot: number) => void): void {
    let before = -1;
    for (let at = this.#firstGuest[key] ?? 0; at !== 0; at = this.#next[at - 1] ?? 0) {
      const slot = this.#slotOf[at - 1] ?? 0;
      if (this.#rows.isLive(slot)) {
        visit(slot);
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

  /** The row that this row runs on, by the first of the hosts it declares that is known; -1 if none is. */
  resolvedHost(slot: number): number {
    for (let at = (this.#rows.firstHost[slot] ?? 0) - 1; at >= 0 && at < this.#guests; at++) {
      if (this.#slotOf[at] !== slot) break;
      const host = (this.resolved[this.#keyOf[at] ?? 0] ?? 0) - 1;
      if (host >= 0 && host !== slot) return host;
    }
    return -1;
  }
}
