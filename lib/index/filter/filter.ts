import type { Clause } from '#lib/language/grammar/ast.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Source } from './clause.ts';
import { markWord } from './word.ts';

/**
 * For each slot 1 if the clause holds, without its negation; dead slots may be either.
 * @param skip 255 for rows that are out already: the dear clauses do not look at them
 */
export function hitsOf(clause: Clause, source: Source, skip: Uint8Array): Uint8Array {
  const hit = new Uint8Array(source.table.size);
  if (clause.type === 'word') markWord(clause.parts, source, skip, hit);
  else {
    const field = source.fields.find(clause.field);
    if (field) kindOf(field).mark(field, clause, source, skip, hit);
  }
  return hit;
}
