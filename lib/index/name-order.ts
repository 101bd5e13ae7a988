import { naturalKey } from './natural.ts';
import { compareText, merge } from './sorted-keys.ts';

/** What the order needs to know of the rows. */
interface Rows {
  uids: readonly string[];
  dead: Uint8Array;
}

/**
 * The live slots in the order that every other order falls back to: by name (see {@link naturalKey}), then uid. Kept by sorting
 * what is new and merging it; done when it is asked for, so that a burst of changes costs one merge.
 */
export class NameOrder {
  #keys: string[] = [];
  #order: Uint32Array = new Uint32Array(0);
  #ordered = 0;
  #isStale = false;

  push(name: string): void {
    this.#keys.push(naturalKey(name));
  }

  /** A slot died. */
  touch(): void {
    this.#isStale = true;
  }

  key(slot: number): string {
    return this.#keys[slot] ?? '';
  }

  /** Do not keep: the next change makes a new one. */
  order(rows: Rows): Uint32Array {
    const { uids, dead } = rows;
    const size = this.#keys.length;
    if (!this.#isStale && this.#ordered === size) return this.#order;
    const kept = this.#isStale ? this.#order.filter((slot) => dead[slot] === 0) : this.#order;
    const added = new Uint32Array(size - this.#ordered).map((_, i) => this.#ordered + i);
    const live = added.filter((slot) => dead[slot] === 0);
    const keys = this.#keys;
    const compare = (a: number, b: number) =>
      compareText(keys[a] ?? '', keys[b] ?? '') || compareText(uids[a] ?? '', uids[b] ?? '');
    this.#order = live.length === 0 ? kept : merge(kept, live.sort(compare), compare);
    this.#ordered = size;
    this.#isStale = false;
    return this.#order;
  }

  compact(keep: Uint32Array, moved: Uint32Array, rows: Rows): NameOrder {
    const compacted = new NameOrder();
    compacted.#order = this.order(rows).map((slot) => moved[slot] ?? 0);
    compacted.#keys = Array.from(keep, (slot) => this.#keys[slot] ?? '');
    compacted.#ordered = keep.length;
    return compacted;
  }
}
