import { shortHashOf } from '#lib/columns/hash.ts';
import { HashTable } from '#lib/columns/hash-table.ts';
import { TextPages } from './text-pages.ts';

/** From uid to slot and back, without a string object for each. */
export class UidTable {
  /** In UTF-16, so that a uid comes back exactly as it was. */
  #texts = new TextPages();
  /** Slots that are not removed. */
  #slots = new HashTable();

  get count(): number {
    return this.#slots.count;
  }

  /** Appends the next slot, for a uid that has none. */
  push(uid: string): void {
    const slot = this.#texts.size;
    this.#texts.push(1 + 2 * uid.length, (bytes, start) => write(bytes, start, uid));
    this.#slots.add(slot, shortHashOf(uid));
  }

  uid(slot: number): string {
    return read(this.#texts.row(slot));
  }

  find(uid: string): number | undefined {
    const slots = this.#slots;
    for (let place = slots.first(shortHashOf(uid)); place >= 0; place = slots.next(place)) {
      const slot = slots.at(place);
      if (this.uid(slot) === uid) return slot;
    }
    return undefined;
  }

  /** @throws RangeError for a slot that is removed already */
  remove(slot: number): void {
    this.#slots.removeAt(this.#slots.placeOf(slot));
  }

  /** @param keep slots that are not removed, in their new order */
  compact(keep: Uint32Array): UidTable {
    const table = new UidTable();
    table.#texts = this.#texts.compact(keep);
    table.#slots = new HashTable(keep.length);
    for (const [slot, old] of keep.entries()) table.#slots.add(slot, this.#slots.hash(old));
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
