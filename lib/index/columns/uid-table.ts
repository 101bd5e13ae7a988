import { grown } from './arrays.ts';
import { TextPages } from './text-pages.ts';

/** Share of the places in use above which there are more of them: probes stay short. */
const FULL = 0.6;

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * From uid to slot and back, in typed arrays: as strings and a Map a million uids are objects that the garbage collector walks
 * through again and again. Open addressing with linear probing.
 */
export class UidTable {
  /** In UTF-16, so that a uid comes back exactly as it was. */
  #texts = new TextPages();
  /** Slot + 1 by place; 0 is free. A slot that is gone keeps its place until the table grows. */
  #places = new Uint32Array(1024);
  #hashes = new Uint32Array(0);
  #used = 0;
  /** 1 for slots that are found. */
  #live = new Uint8Array(0);
  count = 0;

  /** Appends the next slot, for a uid that has none. */
  push(uid: string): void {
    const slot = this.#texts.size;
    this.#texts.push(1 + 2 * uid.length, (bytes, start) => write(bytes, start, uid));
    this.#hashes = grown(this.#hashes, slot + 1);
    this.#live = grown(this.#live, slot + 1);
    this.#hashes[slot] = hashOf(uid);
    this.#live[slot] = 1;
    this.count++;
    if (this.#used + 1 > this.#places.length * FULL) this.#rehash();
    else this.#place(slot);
  }

  uid(slot: number): string {
    return read(this.#texts.row(slot));
  }

  find(uid: string): number | undefined {
    const hash = hashOf(uid);
    const mask = this.#places.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = (this.#places[place] ?? 0) - 1;
      if (slot === -1) return undefined;
      if (this.#hashes[slot] === hash && this.#live[slot] === 1 && this.uid(slot) === uid) return slot;
    }
  }

  remove(slot: number): void {
    this.#live[slot] = 0;
    this.count--;
  }

  #place(slot: number): void {
    const mask = this.#places.length - 1;
    let place = (this.#hashes[slot] ?? 0) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = slot + 1;
    this.#used++;
  }

  /** Places all live slots anew, with room for as many again. */
  #rehash(): void {
    let length = 1024;
    while (length * FULL < this.count * 1.5) length *= 2;
    this.#places = new Uint32Array(length);
    this.#used = 0;
    for (let slot = 0; slot < this.#texts.size; slot++) if (this.#live[slot] === 1) this.#place(slot);
  }

  compact(keep: Uint32Array): UidTable {
    const table = new UidTable();
    table.#texts = this.#texts.compact(keep);
    table.#hashes = Uint32Array.from(keep, (slot) => this.#hashes[slot] ?? 0);
    table.#live = new Uint8Array(keep.length).fill(1);
    table.count = keep.length;
    table.#rehash();
    return table;
  }
}

const ONE_BYTE = 1;
const TWO_BYTES = 2;

/** One byte a character where that is enough, which is so for nearly all uids. */
function write(bytes: Buffer, start: number, text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of one byte
  const isNarrow = /^[\u0000-\u00ff]*$/.test(text);
  bytes[start] = isNarrow ? ONE_BYTE : TWO_BYTES;
  return start + 1 + bytes.write(text, start + 1, isNarrow ? 'latin1' : 'utf16le');
}

const read = (row: Buffer): string => row.toString(row[0] === ONE_BYTE ? 'latin1' : 'utf16le', 1);
