/** Readers of a foreign answer: a value of the wrong type is null, never a guess. */
export type Fields = { readonly [key: string]: unknown };

export const asRecord = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

/** A list, or an empty one where the provider leaves it out. Not for the list a page exists for: its absence is an error. */
export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asString = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** A number that the provider may send as text (`"4"`, `"3.5"`); not negative. */
export function asAmount(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

/** A time as ISO 8601 in UTC. */
export function timeOf(value: unknown): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** The pairs of an object whose values are text: labels, tags. */
export const pairsOf = (value: unknown): [string, string][] =>
  Object.entries(asRecord(value) ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
