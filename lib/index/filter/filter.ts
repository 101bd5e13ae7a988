import type { Clause } from '#lib/language/grammar/ast.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Snapshot } from './clause.ts';
import { markWord } from './word.ts';

/**
 * For each slot 1 if the clause holds, without its negation; dead slots may be either.
 * @param excluded 255 for rows that are out already: the expensive clauses do not look at them
 */
export function matchesOf(clause: Clause, snapshot: Snapshot, excluded: Uint8Array): Uint8Array {
  const matched = new Uint8Array(snapshot.table.size);
  if (clause.type === 'word') markWord(clause.parts, snapshot, excluded, matched);
  else {
    const field = snapshot.fields.find(clause.field);
    if (field) kindOf(field).mark(field, clause, snapshot, excluded, matched);
  }
  return matched;
}
