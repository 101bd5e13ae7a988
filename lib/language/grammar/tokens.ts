import { normalTagKey } from '#lib/model/vocabulary.ts';
import { tagKeyOf } from '../fields.ts';
import { GrammarError, LIMITS } from './ast.ts';
import { meaningOf } from './parse.ts';
import { Recent } from './recent.ts';
import type { Diagnostic, ScannedToken } from './scan.ts';
import { scan } from './scan.ts';

/** One chip of the filter bar. All positions are UTF-16 offsets into the query. */
export interface Token extends ScannedToken {
  text: string;
  kind: 'word' | 'field' | 'sort' | 'group';
}

/** Two keys of one field: tag keys ignore case, space, underscore and dash. */
export function sameField(a: string, b: string): boolean {
  const [tagA, tagB] = [tagKeyOf(a), tagKeyOf(b)];
  if (tagA !== null && tagB !== null) return normalTagKey(tagA) === normalTagKey(tagB);
  return a.toLowerCase() === b.toLowerCase();
}

/** The query as chips, half-typed ones included: whoever has a `diagnostic` says what was expected. Never throws. */
export const tokens = (q: string): readonly Token[] => chips.of(q);

const chips = new Recent(readChips);

function readChips(q: string): readonly Token[] {
  if (q.length > LIMITS.length) return [tooLong(q)];
  return scan(q).map((token) => ({
    ...token,
    text: q.slice(token.start, token.end),
    kind: kindOf(token),
    diagnostic: diagnosticOf(token),
  }));
}

function tooLong(q: string): Token {
  const diagnostic = {
    position: LIMITS.length,
    length: q.length - LIMITS.length,
    expected: `at most ${LIMITS.length} characters`,
  };
  return {
    start: 0,
    end: q.length,
    text: q,
    kind: 'word',
    negated: false,
    field: null,
    op: null,
    values: [],
    diagnostic,
  };
}

function kindOf(token: ScannedToken): Token['kind'] {
  if (token.field === null) return 'word';
  const { key } = token.field;
  return key === 'sort' || key === 'group' ? key : 'field';
}

function diagnosticOf(token: ScannedToken): Diagnostic | null {
  try {
    meaningOf(token);
    return null;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    return { position: error.position, length: error.length, expected: error.expected };
  }
}
