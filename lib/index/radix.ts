const BITS = 11;
const BUCKETS = 1 << BITS;

/** Steps in which {@link smallest} looks for the limit. */
const STEPS = 4096;

/**
 * The ids in the order of their keys; equal keys keep their order. `words` are the keys' 32-bit words, the least significant first,
 * one element per id.
 * @param needed how many of the first ids are wanted: where that is few, the others are left out of the result
 */
export function radixSort(ids: Uint32Array, words: readonly Uint32Array[], needed: number): Uint32Array {
  const top = words.at(-1);
  if (!top) return ids;
  // Positions move, not keys: the words stay where they are.
  let from: Uint32Array = needed * 4 < ids.length ? smallest(top, needed) : positions(ids.length);
  let to: Uint32Array = new Uint32Array(from.length);
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += BITS) {
      const starts = startsOf(word, shift, from);
      if (starts === null) continue;
      for (let i = 0; i < from.length; i++) {
        const at = from[i] ?? 0;
        const digit = ((word[at] ?? 0) >>> shift) & (BUCKETS - 1);
        const place = starts[digit] ?? 0;
        to[place] = at;
        starts[digit] = place + 1;
      }
      [from, to] = [to, from];
    }
  }
  for (let i = 0; i < to.length; i++) to[i] = ids[from[i] ?? 0] ?? 0;
  return to;
}

function positions(size: number): Uint32Array {
  const all = new Uint32Array(size);
  for (let i = 0; i < size; i++) all[i] = i;
  return all;
}

/** Where each digit's run starts; null if all keys have one and the same: it need not be sorted by. */
function startsOf(word: Uint32Array, shift: number, of: Uint32Array): Uint32Array | null {
  const counts = new Uint32Array(BUCKETS);
  for (let i = 0; i < of.length; i++) {
    const digit = ((word[of[i] ?? 0] ?? 0) >>> shift) & (BUCKETS - 1);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < BUCKETS; digit++) {
    const count = counts[digit] ?? 0;
    if (count === of.length) return null;
    counts[digit] = sum;
    sum += count;
  }
  return counts;
}

/** Positions of the keys that may be among the first `needed`, in their order: all up to a limit found by counting. */
function smallest(word: Uint32Array, needed: number): Uint32Array {
  let min = 0xffffffff;
  let max = 0;
  for (let i = 0; i < word.length; i++) {
    const key = word[i] ?? 0;
    if (key < min) min = key;
    // The last key is that of rows without a value: it says nothing of how the others spread.
    if (key > max && key !== 0xffffffff) max = key;
  }
  const scale = STEPS / (Math.max(max, min) - min + 1);
  const counts = new Uint32Array(STEPS + 1);
  for (let i = 0; i < word.length; i++) {
    const step = Math.min(STEPS, Math.floor(((word[i] ?? 0) - min) * scale));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  let last = 0;
  for (let sum = counts[0] ?? 0; sum < needed && last < STEPS; ) sum += counts[++last] ?? 0;
  const kept = new Uint32Array(word.length);
  let size = 0;
  for (let i = 0; i < word.length; i++) {
    if (Math.min(STEPS, Math.floor(((word[i] ?? 0) - min) * scale)) <= last) kept[size++] = i;
  }
  return kept.slice(0, size);
}
