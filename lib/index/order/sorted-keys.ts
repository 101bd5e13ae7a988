type Key = (id: number) => string;

/** Ids in the order of their keys, kept current as ids are added: new ones are sorted alone and merged. */
export class SortedKeys {
  #keys: string[] = [];
  #order: Uint32Array = new Uint32Array(0);
  #ranks: Uint32Array = new Uint32Array(0);

  /** For each id below `size` the place of its key; equal keys share a place. */
  ranks(size: number, key: Key): Uint32Array {
    if (size === this.#keys.length) return this.#ranks;
    const added = new Uint32Array(size - this.#keys.length);
    for (let i = 0; i < added.length; i++) {
      added[i] = this.#keys.length;
      this.#keys.push(key(this.#keys.length));
    }
    const keys = this.#keys;
    const compare = (a: number, b: number) => compareText(keys[a] ?? '', keys[b] ?? '');
    this.#order = merge(this.#order, added.sort(compare), compare);
    const ranks = new Uint32Array(size);
    let rank = -1;
    let last: string | null = null;
    for (const id of this.#order) {
      if (keys[id] !== last) rank++;
      last = keys[id] ?? '';
      ranks[id] = rank;
    }
    this.#ranks = ranks;
    return ranks;
  }
}

/** By UTF-16 unit. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Two sorted arrays as one. A short one is placed by search, so that few new ids cost few comparisons. */
export function merge(a: Uint32Array, b: Uint32Array, compare: (x: number, y: number) => number): Uint32Array {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const merged = new Uint32Array(long.length + short.length);
  let from = 0;
  let to = 0;
  for (const id of short) {
    const at = place(long, id, from, compare);
    merged.set(long.subarray(from, at), to);
    to += at - from;
    from = at;
    merged[to++] = id;
  }
  merged.set(long.subarray(from), to);
  return merged;
}

/** Number of elements from `low` on that come before `id`, as an index; gallops, because neighbours are often near. */
function place(sorted: Uint32Array, id: number, low: number, compare: (x: number, y: number) => number): number {
  let step = 1;
  let high = low;
  while (high < sorted.length && compare(sorted[high] ?? 0, id) < 0) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  high = Math.min(high, sorted.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] ?? 0, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
