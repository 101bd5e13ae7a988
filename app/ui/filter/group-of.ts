import { GrammarError, parse, tokens, withClause, withoutToken } from '#lib/language/grammar/index.ts';

/** The field a query groups by, or null. One that cannot be read groups by nothing. */
export function groupOf(q: string): string | null {
  try {
    return parse(q).group;
  } catch (error) {
    if (error instanceof GrammarError) return null;
    throw error;
  }
}

export const withoutGroup = (q: string): string =>
  tokens(q)
    .filter((token) => token.kind === 'group')
    .reduceRight((text, token) => withoutToken(text, token.start), q);

export const withGroup = (q: string, field: string): string => withClause(withoutGroup(q), 'group', [field]);
