import { merge } from './sorted-keys.ts';

/** What the order needs to know of the rows; slots from 0 to before `size`. */
interface NameReader {
  size: number;
  dead: Uint8Array;
  /** Natural key of a name. */
  nameKey(slot: number): string;
  uid(slot: number): string;
}

/** More new rows than this share of all are sorted with all others again: that is less work than merging them. */
const MANY = 0.05;

/**
 * The live slots in the order that every other order falls back to: by name, then uid. Kept by sorting what is new and merging
 * it; done when it is asked for, so that a burst of changes costs one merge. Keys are made when they are compared: to keep a
 * million of them would cost more memory than all figures together.
 */
export class NameOrder {
  #order: Uint32Array = new Uint32Array(0);
  #ordered = 0;
  #isStale = false;
  #places: { of: Uint32Array; places: Uint32Array } | null = null;

  /** A slot died. */
  touch(): void {
    this.#isStale = true;
  }

  /** Do not keep and change: it is a new one after each change. */
  order(rows: NameReader): Uint32Array {
    if (!this.#isStale && this.#ordered === rows.size) return this.#order;
    const added = live(range(this.#ordered, rows.size), rows.dead);
    const kept = this.#isStale ? live(this.#order, rows.dead) : this.#order;
    this.#order = added.length > MANY * kept.length ? sorted(joined(kept, added), rows) : merged(kept, added, rows);
    this.#ordered = rows.size;
    this.#isStale = false;
    return this.#order;
  }

  /** For each live slot its place in the order. */
  places(rows: NameReader): Uint32Array {
    const order = this.order(rows);
    if (this.#places?.of === order) return this.#places.places;
    const places = new Uint32Array(rows.size);
    for (let place = 0; place < order.length; place++) places[order[place] ?? 0] = place;
    this.#places = { of: order, places };
    return places;
  }

  compact(moved: Uint32Array, rows: NameReader): NameOrder {
    const compacted = new NameOrder();
    compacted.#order = this.order(rows).map((slot) => moved[slot] ?? 0);
    compacted.#ordered = compacted.#order.length;
    return compacted;
  }
}

const range = (from: number, to: number): Uint32Array => new Uint32Array(to - from).map((_, i) => from + i);

function live(slots: Uint32Array, dead: Uint8Array): Uint32Array {
  const kept = new Uint32Array(slots.length);
  let size = 0;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? 0;
    if (dead[slot] === 0) kept[size++] = slot;
  }
  return size === slots.length ? slots : kept.slice(0, size);
}

function joined(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Keys are made once for all comparisons, and forgotten. */
function sorted(slots: Uint32Array, rows: NameReader): Uint32Array {
  const keys: string[] = [];
  for (const slot of slots) keys.push(rows.nameKey(slot));
  const places = range(0, slots.length).sort((a, b) => {
    const [x, y] = [keys[a] ?? '', keys[b] ?? ''];
    return x < y ? -1 : x > y ? 1 : compareUids(slots[a] ?? 0, slots[b] ?? 0, rows);
  });
  return places.map((place) => slots[place] ?? 0);
}

function merged(kept: Uint32Array, added: Uint32Array, rows: NameReader): Uint32Array {
  if (added.length === 0) return kept;
  const keys = new Map<number, string>();
  for (const slot of added) keys.set(slot, rows.nameKey(slot));
  return merge(kept, sorted(added, rows), (a, b) => {
    const [x, y] = [keys.get(a) ?? rows.nameKey(a), keys.get(b) ?? rows.nameKey(b)];
    return x < y ? -1 : x > y ? 1 : compareUids(a, b, rows);
  });
}

function compareUids(a: number, b: number, rows: NameReader): number {
  const [x, y] = [rows.uid(a), rows.uid(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
