const BITS = 11;
const BUCKETS = 1 << BITS;

/**
 * The ids in the order of their keys; equal keys keep their order. `words` are the keys' 32-bit words, the least significant first,
 * one element per id. Digits that are the same in all keys cost one look and no move.
 */
export function radixSort(ids: Uint32Array, words: readonly Uint32Array[]): Uint32Array {
  const size = ids.length;
  // Positions move, not keys: the words stay where they are.
  let from: Uint32Array = new Uint32Array(size);
  let to: Uint32Array = new Uint32Array(size);
  for (let i = 0; i < size; i++) from[i] = i;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += BITS) {
      const starts = startsOf(word, shift);
      if (starts === null) continue;
      for (let i = 0; i < size; i++) {
        const at = from[i] ?? 0;
        const digit = ((word[at] ?? 0) >>> shift) & (BUCKETS - 1);
        const place = starts[digit] ?? 0;
        to[place] = at;
        starts[digit] = place + 1;
      }
      [from, to] = [to, from];
    }
  }
  for (let i = 0; i < size; i++) to[i] = ids[from[i] ?? 0] ?? 0;
  return to;
}

/** Where each digit's run starts; null if all keys have one and the same. */
function startsOf(word: Uint32Array, shift: number): Uint32Array | null {
  const counts = new Uint32Array(BUCKETS);
  for (let i = 0; i < word.length; i++) {
    const digit = ((word[i] ?? 0) >>> shift) & (BUCKETS - 1);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < BUCKETS; digit++) {
    const count = counts[digit] ?? 0;
    if (count === word.length) return null;
    counts[digit] = sum;
    sum += count;
  }
  return counts;
}
