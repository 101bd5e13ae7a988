const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep the objects and lists of a JSON text nest; stops counting above `stop`. Reads bytes, so that nothing deep is ever built. */
export function jsonDepth(bytes: Buffer, stop: number): number {
  let depth = 0;
  let deepest = 0;
  const end = bytes.length;
  for (let i = 0; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < end; i++) {
        const inner = bytes[i];
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) i++;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) {
        deepest = depth;
        if (deepest > stop) return deepest;
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}
