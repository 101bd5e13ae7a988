/** The typed array with room for `size` elements: itself, or a copy half as large again. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(array: T, size: number): T {
  if (size <= array.length) return array;
  const Type = array.constructor as new (length: number) => T;
  const larger = new Type(Math.max(size, Math.ceil(array.length * 1.5), 64));
  larger.set(array);
  return larger;
}
