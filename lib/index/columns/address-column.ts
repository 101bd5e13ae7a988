import { grown } from '#lib/columns/arrays.ts';
import type { Network } from '#lib/language/grammar/address.ts';
import { contains, isV4, readNetwork } from '#lib/language/grammar/address.ts';
import { GONE } from './columns.ts';

/** Addresses as numbers, in the order of rows: IPv4 in one word, IPv6 in four. What is no address is only text. */
export class AddressColumn {
  #v4 = new Words(1);
  #v6 = new Words(4);
  /** Number of addresses of each row, whatever they are. */
  counts = new Uint16Array(0);

  push(slot: number, addresses: readonly string[]): void {
    this.counts = grown(this.counts, slot + 1);
    this.counts[slot] = Math.min(addresses.length, 0xffff);
    for (const text of addresses) {
      const address = readNetwork(text);
      if (address === null || address.bits !== 128) continue;
      if (isV4(address.words)) this.#v4.push(slot, [address.words[3]]);
      else this.#v6.push(slot, address.words);
    }
  }

  /** Marks rows that have an address in the network. */
  mark(network: Network, matched: Uint8Array): void {
    const bits = network.bits - 96;
    if (isV4(network.words)) {
      const { slots, words, size } = this.#v4;
      const mask = bits <= 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
      const wanted = ((network.words[3] ?? 0) & mask) >>> 0;
      for (let i = 0; i < size; i++) if (((words[i] ?? 0) & mask) >>> 0 === wanted) matched[slots[i] ?? 0] = 1;
      return;
    }
    const { slots, words, size } = this.#v6;
    for (let i = 0; i < size; i++) {
      const at = 4 * i;
      const address = [words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0] as const;
      if (contains(network, address)) matched[slots[i] ?? 0] = 1;
    }
  }

  compact(keep: Uint32Array, moved: Uint32Array): AddressColumn {
    const column = new AddressColumn();
    column.#v4 = this.#v4.compact(moved);
    column.#v6 = this.#v6.compact(moved);
    column.counts = Uint16Array.from(keep, (slot) => this.counts[slot] ?? 0);
    return column;
  }
}

/** A list of (row, n words). */
class Words {
  readonly #width: number;
  slots = new Uint32Array(0);
  words = new Uint32Array(0);
  size = 0;

  constructor(width: number) {
    this.#width = width;
  }

  push(slot: number, words: readonly number[]): void {
    this.slots = grown(this.slots, this.size + 1);
    this.words = grown(this.words, (this.size + 1) * this.#width);
    this.slots[this.size] = slot;
    this.words.set(words, this.size++ * this.#width);
  }

  compact(moved: Uint32Array): Words {
    const kept = new Words(this.#width);
    for (let i = 0; i < this.size; i++) {
      const slot = moved[this.slots[i] ?? 0] ?? GONE;
      const at = i * this.#width;
      if (slot !== GONE) kept.push(slot, Array.from(this.words.subarray(at, at + this.#width)));
    }
    return kept;
  }
}
