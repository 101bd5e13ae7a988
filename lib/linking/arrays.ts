type Numbers = Uint8Array | Uint32Array;

/** The typed array with room for `size` elements: itself, or a copy an eighth as large again. */
export function grown<T extends Numbers>(array: T, size: number): T {
  if (size <= array.length) return array;
  const Type = array.constructor as new (length: number) => T;
  const larger = new Type(Math.max(size, array.length + (array.length >>> 3), 64));
  larger.set(array);
  return larger;
}

/** Length of a table with open addressing for so many keys: a power of two, filled to three fifths at most. */
export function tableFor(keys: number): number {
  let length = 64;
  while (length * 0.6 < keys) length *= 2;
  return length;
}
