import { tokens } from '#lib/language/grammar/index.ts';

/** Whether the grammar accepts the filter. One that it does not is not asked for: the answer is known. */
export const isReadable = (q: string): boolean => tokens(q).every((token) => token.diagnostic === null);
