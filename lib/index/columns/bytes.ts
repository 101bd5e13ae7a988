/*
 * Search in a few dozen bytes. A call of Buffer.indexOf costs as much as looking at a hundred of them, which is what counts when a
 * question has a million candidates; across megabytes it is the other way round.
 */

/** Bytes of a needle above which looking byte by byte could take as many steps as both lengths multiplied. */
const LONG = 16;

/** Offset of the needle between two offsets, or -1. An empty needle is where the search starts. */
export function indexWithin(bytes: Buffer, needle: Buffer, start: number, end: number): number {
  const size = needle.length;
  if (size === 0) return start;
  if (end - start < size) return -1;
  if (size > LONG) {
    const at = bytes.subarray(start, end).indexOf(needle);
    return at === -1 ? -1 : start + at;
  }
  const first = needle[0];
  const last = end - size;
  for (let at = start; at <= last; at++) {
    if (bytes[at] !== first) continue;
    let i = 1;
    while (i < size && bytes[at + i] === needle[i]) i++;
    if (i === size) return at;
  }
  return -1;
}

/**
 * A needle that is looked for in very many rows: it knows how far to step on behind each byte that its end does not match
 * (Boyer, Moore and Horspool).
 */
export class Needle {
  readonly bytes: Buffer;
  readonly #steps: Uint8Array | null = null;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const last = bytes.length - 1;
    if (last < 1 || last >= LONG) return;
    this.#steps = new Uint8Array(256).fill(bytes.length);
    for (let i = 0; i < last; i++) this.#steps[bytes[i] ?? 0] = last - i;
  }

  /** As {@link indexWithin}. */
  within(bytes: Buffer, start: number, end: number): number {
    const needle = this.bytes;
    const steps = this.#steps;
    if (steps === null) return indexWithin(bytes, needle, start, end);
    const last = needle.length - 1;
    for (let at = start + last; at < end; at += steps[bytes[at] ?? 0] ?? 1) {
      let i = 0;
      while (i <= last && bytes[at - i] === needle[last - i]) i++;
      if (i > last) return at - last;
    }
    return -1;
  }
}

/** True if the needles stand between two offsets, one behind the other. */
export function inOrder(bytes: Buffer, needles: readonly Buffer[], start: number, end: number): boolean {
  let at = start;
  for (const needle of needles) {
    const found = indexWithin(bytes, needle, at, end);
    if (found === -1) return false;
    at = found + needle.length;
  }
  return true;
}

/** True if the bytes between two offsets are the parts with anything between them. */
export function matchesWithin(bytes: Buffer, parts: readonly Buffer[], start: number, end: number): boolean {
  const first = parts[0];
  const last = parts[parts.length - 1];
  if (!first || !last || end - start < first.length) return false;
  if (indexWithin(bytes, first, start, start + first.length) === -1) return false;
  if (parts.length === 1) return end - start === first.length;
  let at = start + first.length;
  const tail = end - last.length;
  if (tail < at || indexWithin(bytes, last, tail, end) === -1) return false;
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i];
    const found = part ? indexWithin(bytes, part, at, tail) : -1;
    if (!part || found === -1) return false;
    at = found + part.length;
  }
  return true;
}
