import type { z } from 'zod';

/**
 * Refuses keys that nothing reads in this combination: taken and passed over, they would look as if they were in force.
 * @param why what does not read them, and what to write instead
 */
export function refuseUnread<C extends object>(
  config: C,
  keys: readonly (keyof C & string)[],
  why: string,
  ctx: z.RefinementCtx,
): void {
  for (const key of keys)
    if (isSet(config[key])) ctx.addIssue({ code: 'custom', path: [key], message: `expected no ${key}: ${why}` });
}

export const BESIDE_MOCK = 'mock does not read it; leave one of the two out';

/** An empty list is what is left out. */
const isSet = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
