import type { Field } from '#lib/language/field.ts';
import { findField, tagKeyOf } from '#lib/language/fields.ts';
import type { Clause, FieldClause, Value } from '#lib/language/grammar/ast.ts';
import { boundsOf, isOrdered } from '#lib/language/grammar/literal.ts';
import { matches } from '#lib/language/grammar/pattern.ts';
import type { Codes } from '../columns/columns.ts';
import { EMPTY } from '../columns/dictionary.ts';
import { allowedCodes, has, patternsOf, type Source } from './clause.ts';
import { markMachine, markOn, markRuns } from './filter-stack.ts';
import { markAddress, markText, markWord } from './filter-text.ts';

/**
 * For each slot 1 if the clause holds, without its negation; dead slots may be either.
 * @param skip 255 for rows that are out already: the dear clauses do not look at them
 */
export function hitsOf(clause: Clause, source: Source, skip: Uint8Array): Uint8Array {
  const hit = new Uint8Array(source.table.size);
  if (clause.type === 'word') markWord(clause.parts, source, skip, hit);
  else markField(clause, source, skip, hit);
  return hit;
}

function markField(clause: FieldClause, source: Source, skip: Uint8Array, hit: Uint8Array): void {
  const { table } = source;
  const { values } = clause;
  const field = findField(clause.field);
  if (field === null) return;
  const tag = tagKeyOf(field.key);
  const column = table.codes(field.key);
  if (isOrdered(field.type)) markOrdered(field, clause, source, hit);
  else if (tag !== null) markTag(tag, values, source, hit);
  else if (column) markCodes(column, allowedCodes(column.dictionary, values, source.deadline), hit);
  else if (field.key === 'freshness') markFreshness(values, source, hit);
  else if (field.key === 'on') markOn(values, source, hit);
  else if (field.key === 'runs') markRuns(values, source, hit);
  else if (field.key === 'machine') markMachine(values, source, hit);
  else if (field.key === 'ip') markAddress(values, source, skip, hit);
  else markText(field.key, values, source, skip, hit);
}

function markCodes({ codes }: Codes, allowed: Uint8Array, hit: Uint8Array): void {
  for (let slot = 0; slot < hit.length; slot++) hit[slot] = allowed[codes[slot] ?? 0] ?? 0;
}

function markFreshness(values: readonly Value[], { table, scopes, now }: Source, hit: Uint8Array): void {
  const column = table.codesOf('scope');
  const patterns = patternsOf(values);
  const allowed = scopes
    .statesByCode(column.dictionary, now)
    .map((state) => (has(values, 'any') || patterns.some((parts) => matches(parts, state)) ? 1 : 0));
  markCodes(column, Uint8Array.from(allowed), hit);
}

function markOrdered(
  { key, type }: Field,
  clause: FieldClause,
  { table, now, deadline }: Source,
  hit: Uint8Array,
): void {
  const column = table.numbers(key);
  // What is not measured is not set, and no comparison with it holds.
  if (!column) {
    if (has(clause.values, 'unset')) hit.fill(1);
    return;
  }
  const { values } = column;
  const [any, unset] = [has(clause.values, 'any') ? 1 : 0, has(clause.values, 'unset') ? 1 : 0];
  if (any + unset > 0) {
    for (let slot = 0; slot < hit.length; slot++) hit[slot] = Number.isNaN(values[slot]) ? unset : any;
  }
  for (const value of clause.values) {
    deadline.check();
    const bounds = boundsOf(type, clause.op, value);
    if (bounds === null) continue;
    const { min, minOpen, max, maxOpen } = bounds;
    // An age is the time from creation to now.
    const isAge = type === 'duration';
    for (let slot = 0; slot < hit.length; slot++) {
      const stored = values[slot] ?? Number.NaN;
      const n = isAge ? now - stored : stored;
      if ((minOpen ? n > min : n >= min) && (maxOpen ? n < max : n <= max)) hit[slot] = 1;
    }
  }
}

function markTag(key: string, values: readonly Value[], { table, deadline }: Source, hit: Uint8Array): void {
  const column = table.tags(key);
  const unset = has(values, 'unset');
  if (unset) hit.fill(1);
  if (!column) return;
  const { slots, codes, size } = column;
  const allowed = allowedCodes(column.dictionary, values, deadline);
  // A label without text is set, and empty: both `*` and `""` find it.
  if (unset) allowed[EMPTY] = 1;
  if (unset) for (let i = 0; i < size; i++) hit[slots[i] ?? 0] = 0;
  for (let i = 0; i < size; i++) if (allowed[codes[i] ?? 0] === 1) hit[slots[i] ?? 0] = 1;
}
