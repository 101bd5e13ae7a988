type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * The typed array with room for `size` elements: itself, or a copy an eighth as large again. A million rows have some sixty of
 * these, so what each has to spare adds up.
 */
export function grown<T extends Numbers>(array: T, size: number): T {
  if (size <= array.length) return array;
  const Type = array.constructor as new (length: number) => T;
  const larger = new Type(Math.max(size, array.length + (array.length >>> 3), 64));
  larger.set(array);
  return larger;
}
