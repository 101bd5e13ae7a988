/** Mixes integers into 32 bits (murmur3's steps): the same numbers, the same result, on every machine. */
export function mix(...numbers: number[]): number {
  let h = 0x9747b28c;
  for (const n of numbers) {
    // Both halves of numbers beyond 32 bits, which times and epochs are.
    h = step(h, n | 0);
    if (n > 0x7fffffff || n < -0x80000000) h = step(h, Math.floor(n / 0x100000000) | 0);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function step(h: number, n: number): number {
  let k = Math.imul(n, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  h ^= Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** A text as a number for {@link mix}. */
export function textHash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Uniform in [0, 1). */
export const unit = (hash: number): number => hash / 0x100000000;

/** True for a share of all hashes. */
export const chance = (hash: number, share: number): boolean => unit(hash) < share;

/** Uniform integer in [0, n). */
export const below = (hash: number, n: number): number => Math.floor(unit(hash) * n);

/** One of a list that is not empty. */
export function pick<T>(hash: number, list: readonly T[]): T {
  const item = list[below(hash, list.length)];
  if (item === undefined) throw new RangeError('pick from an empty list');
  return item;
}

/** One of `[weight, value]` pairs. */
export function weighted<T>(hash: number, pairs: readonly (readonly [number, T])[]): T {
  let left = unit(hash) * pairs.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of pairs) {
    left -= weight;
    if (left < 0) return value;
  }
  return pick(hash, pairs)[1];
}

const hex8 = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');

/** `length` hexadecimal digits of a hash. */
export function hex(hash: number, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += hex8(mix(hash, i));
  return text.slice(0, length);
}

/** A version 4 UUID of a hash. */
export function uuid(hash: number): string {
  const h = hex(hash, 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${'89ab'[hash & 3]}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

const ALPHANUMS = 'bcdfghjklmnpqrstvwxz2456789';

/** Kubernetes' alphabet for generated names. */
export function suffix(hash: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHANUMS[mix(hash, i) % ALPHANUMS.length];
  return text;
}
