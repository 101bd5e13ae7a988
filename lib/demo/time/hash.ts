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

/** What names one thing of the fleet: enough numbers that no two things share them. */
export type Key = readonly number[];

// The running number comes first: two keys that collide in one word must not collide in the next.

/** `length` hexadecimal digits, all of them from the whole key. */
export function hex(length: number, key: Key): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += hex8(mix(i, ...key));
  return text.slice(0, length);
}

/** A version 4 UUID. */
export function uuid(key: Key): string {
  const h = hex(32, key);
  const variant = '89ab'[(mix(...key) & 3) as 0 | 1 | 2 | 3];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
}

/** Decimal digits, the first not 0. */
export function digits(length: number, key: Key): string {
  let text = String(1 + (mix(...key) % 9));
  for (let i = 1; text.length < length; i++)
    text += String(mix(i, ...key))
      .padStart(10, '0')
      .slice(2);
  return text.slice(0, length);
}

const ALPHANUMS = 'bcdfghjklmnpqrstvwxz2456789';

/** Random letters and digits of Kubernetes' alphabet for generated names. */
export function suffix(length: number, key: Key): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHANUMS[mix(i, ...key) % ALPHANUMS.length];
  return text;
}
