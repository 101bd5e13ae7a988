import type { FieldTable } from '#lib/language/fields.ts';
import type { Value } from '#lib/language/grammar/ast.ts';
import { fold } from '#lib/language/grammar/pattern.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { UNSET } from '../columns/dictionary.ts';
import type { ScopeTable } from '../columns/scopes.ts';
import type { Table } from '../columns/table.ts';
import type { Deadline } from '../deadline.ts';

/** What a clause is answered from. */
export interface Snapshot {
  fields: FieldTable;
  table: Table;
  scopes: ScopeTable;
  /** Epoch ms, for ages and freshness. */
  now: number;
  deadline: Deadline;
}

/** The parts of the patterns among the values, folded. */
export function patternsOf(values: readonly Value[]): string[][] {
  return values.flatMap((value) => (value.type === 'pattern' ? [value.parts.map(fold)] : []));
}

export const has = (values: readonly Value[], type: Value['type']): boolean =>
  values.some((value) => value.type === type);

/** Answers `*` and `""`; `set` has 1 for rows that have a value. */
export function markPresence(values: readonly Value[], set: Uint8Array, matched: Uint8Array): void {
  const [any, unset] = [has(values, 'any') ? 1 : 0, has(values, 'unset') ? 1 : 0];
  if (any + unset > 0) for (let slot = 0; slot < set.length; slot++) matched[slot] = set[slot] === 1 ? any : unset;
}

/** 1 for each code of a dictionary that the values name. */
export function allowedCodes(dictionary: Dictionary, values: readonly Value[], deadline: Deadline): Uint8Array {
  const allowed = new Uint8Array(dictionary.size);
  if (has(values, 'any')) allowed.fill(1, UNSET + 1);
  if (has(values, 'unset')) allowed[UNSET] = 1;
  for (const parts of patternsOf(values)) {
    deadline.check();
    dictionary.mark(allowed, parts);
  }
  return allowed;
}

/** Marks the rows whose machine has a marked row. */
export function markMembers(clustered: Uint32Array, heads: Uint32Array, matched: Uint8Array): void {
  const found = new Set<number>();
  for (const slot of clustered) if (matched[slot] === 1) found.add(heads[slot] ?? slot);
  if (found.size > 0) for (const slot of clustered) if (found.has(heads[slot] ?? slot)) matched[slot] = 1;
}
