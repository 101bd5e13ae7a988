import { grown } from './arrays.ts';

/** Share of the places in use above which there are more of them: probes stay short. */
const FULL = 0.6;
const FEWEST = 64;

/**
 * Finds entries, which are numbers from 0, by a hash of their keys. The keys themselves stay with whoever owns the entries and compares
 * them: several keys may have one hash. In typed arrays, because a Map of a million keys is objects that the garbage collector walks
 * through again and again. Open addressing with linear probing; what is removed leaves no mark.
 *
 *     for (let place = table.first(hash); place >= 0; place = table.next(place)) {
 *       const entry = table.at(place);
 *       if (keyOf(entry) === key) return entry;
 *     }
 */
export class HashTable {
  /** Entry + 1 by place; 0 is free. The length is a power of two. */
  #places: Uint32Array;
  #hashes: Uint32Array;
  #used = 0;

  /** @param expected entries to make room for at once */
  constructor(expected = 0) {
    let length = FEWEST;
    while (length * FULL < expected) length *= 2;
    this.#places = new Uint32Array(length);
    this.#hashes = new Uint32Array(expected);
  }

  /** Entries that are found. */
  get count(): number {
    return this.#used;
  }

  /** The first place with an entry of this hash, -1 if there is none. Places are good until the next change. */
  first(hash: number): number {
    return this.#probe(hash, hash & (this.#places.length - 1));
  }

  /** The place behind this one with an entry of the same hash, -1 if there is none. */
  next(place: number): number {
    return this.#probe(this.hash(this.at(place)), (place + 1) & (this.#places.length - 1));
  }

  #probe(hash: number, from: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    for (let place = from; ; place = (place + 1) & mask) {
      const entry = places[place] ?? 0;
      if (entry === 0) return -1;
      if (this.#hashes[entry - 1] === hash) return place;
    }
  }

  /** The entry at a place that {@link first} or {@link next} gave. */
  at(place: number): number {
    return (this.#places[place] ?? 0) - 1;
  }

  hash(entry: number): number {
    return this.#hashes[entry] ?? 0;
  }

  /** Keeps the hash of an entry that is not to be found by it. @param hash unsigned 32 bits */
  setHash(entry: number, hash: number): void {
    if (entry >= this.#hashes.length) this.#hashes = grown(this.#hashes, entry + 1);
    this.#hashes[entry] = hash;
  }

  /** An entry whose key no other one has. @param hash unsigned 32 bits */
  add(entry: number, hash: number): void {
    this.setHash(entry, hash);
    if (++this.#used > this.#places.length * FULL) this.#grow();
    this.#place(entry);
  }

  /** Puts an entry of the same key in place of the one that is there. */
  replace(place: number, entry: number): void {
    this.setHash(entry, this.hash(this.at(place)));
    this.#places[place] = entry + 1;
  }

  /** Where an entry is. @throws RangeError for one that is not in the table */
  placeOf(entry: number): number {
    let place = this.first(this.hash(entry));
    while (place >= 0 && this.at(place) !== entry) place = this.next(place);
    if (place < 0) throw new RangeError(`entry ${entry} is not in the table`);
    return place;
  }

  /** Frees a place and moves up what probing put behind it. */
  removeAt(place: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    let free = place;
    for (let at = (free + 1) & mask; places[at] !== 0; at = (at + 1) & mask) {
      const home = this.hash((places[at] ?? 0) - 1) & mask;
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      places[free] = places[at] ?? 0;
      free = at;
    }
    places[free] = 0;
    this.#used--;
  }

  #place(entry: number): void {
    const mask = this.#places.length - 1;
    let place = this.hash(entry) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = entry + 1;
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.#place(entry - 1);
  }
}
