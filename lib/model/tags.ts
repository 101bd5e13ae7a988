import { z } from 'zod';

export { normalTagKey } from './vocabulary.ts';

/**
 * Tags or labels as the provider spells them: an object without a prototype, so that keys such as
 * `__proto__` or `constructor` are data and nothing else.
 */
export type Tags = { readonly [key: string]: string };

const isTags = (value: unknown): value is Tags =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((v) => typeof v === 'string');

// Not z.record: it drops the key `__proto__`, which is a legal label key.
export const tagsSchema = z.custom<Tags>(isTags, 'expected an object of strings').meta({
  type: 'object',
  additionalProperties: { type: 'string' },
});

/** Builds {@link Tags} from pairs; a later pair with the same key wins. */
export function tagsOf(pairs: Iterable<readonly [string, string]>): Tags {
  const tags: { [key: string]: string } = Object.create(null);
  for (const [key, value] of pairs) tags[key] = value;
  return tags;
}
