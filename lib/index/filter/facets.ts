import { QueryProblem } from '#lib/api/problem.ts';
import type { Facets } from '#lib/api/resources.ts';
import { findField, tagKeyOf } from '#lib/language/fields.ts';
import type { EntryColumn } from '../columns/columns.ts';
import type { Dictionary } from '../columns/dictionary.ts';
import { EMPTY, UNSET } from '../columns/dictionary.ts';
import { compareText } from '../order/sorted-keys.ts';
import type { Source } from './clause.ts';
import type { Selection } from './selection.ts';

/** Values of a facet at most; the rest is said to be left out. */
const MOST = 100;

/** Fields of one question at most. */
const MOST_FIELDS = 32;

interface Counted {
  value: string;
  count: number;
}

/**
 * Counts the values of fields over a selection. A facet's own list of values does not narrow it: the counts are those that a click
 * on a further value would add. `total` is that of the whole question.
 * @throws QueryProblem `bad-parameter` for a field that is none or has no facet
 */
export function facetsOf(selection: Selection, fields: readonly string[], source: Source): Facets {
  const facets: [string, Counted[]][] = [];
  const truncated: string[] = [];
  if (fields.length > MOST_FIELDS) {
    throw new QueryProblem({ code: 'bad-parameter', detail: `At most ${MOST_FIELDS} fields.`, parameter: 'fields' });
  }
  for (const key of new Set(fields)) {
    source.deadline.check();
    const counted = mostFrequent(countField(key, selection, source));
    if (counted.length > MOST) truncated.push(key);
    facets.push([key, counted.slice(0, MOST)]);
  }
  return { total: selection.total, facets: Object.fromEntries(facets), truncated };
}

function countField(key: string, selection: Selection, { table, scopes, now }: Source): Counted[] {
  const field = findField(key);
  if (!field?.facet) {
    throw new QueryProblem({
      code: 'bad-parameter',
      detail: field ? `The field ${field.key} has no facet.` : 'There is no such field.',
      parameter: 'fields',
    });
  }
  const { failing } = selection;
  const number = selection.numberOf(field.key);
  const tag = tagKeyOf(field.key);
  if (tag !== null) return countEntries(failing, number, table.tags(tag));
  if (field.key === 'freshness') {
    const { dictionary, codes } = table.codesOf('scope');
    const states = scopes.statesByCode(dictionary, now);
    return summed(countCodes(failing, number, codes, dictionary.size), (code) => states[code] ?? '');
  }
  const column = table.codes(field.key);
  if (!column) return [];
  const { dictionary, codes } = column;
  return named(countCodes(failing, number, codes, dictionary.size), dictionary);
}

function countCodes(failing: Uint8Array, number: number, codes: Uint16Array | Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let slot = 0; slot < failing.length; slot++) {
    const fails = failing[slot];
    if (fails !== 0 && fails !== number) continue;
    const code = codes[slot] ?? UNSET;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

function countEntries(failing: Uint8Array, number: number, column: EntryColumn | undefined): Counted[] {
  let rows = 0;
  for (let slot = 0; slot < failing.length; slot++) if (failing[slot] === 0 || failing[slot] === number) rows++;
  if (!column) return rows === 0 ? [] : [{ value: '', count: rows }];
  const { slots, codes, size, dictionary } = column;
  const counts = new Uint32Array(dictionary.size);
  let last = -1;
  for (let i = 0; i < size; i++) {
    const slot = slots[i] ?? 0;
    const fails = failing[slot];
    if (fails !== 0 && fails !== number) continue;
    const code = codes[i] ?? UNSET;
    counts[code] = (counts[code] ?? 0) + 1;
    // A row's values stand side by side.
    if (slot !== last) rows--;
    last = slot;
  }
  counts[UNSET] = rows + (counts[EMPTY] ?? 0);
  counts[EMPTY] = 0;
  return named(counts, dictionary);
}

function named(counts: Uint32Array, dictionary: Dictionary): Counted[] {
  const counted: Counted[] = [];
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0;
    if (count > 0) counted.push({ value: dictionary.spelling(code), count });
  }
  return counted;
}

function summed(counts: Uint32Array, nameOf: (code: number) => string): Counted[] {
  const sums = new Map<string, number>();
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0;
    if (count > 0) sums.set(nameOf(code), (sums.get(nameOf(code)) ?? 0) + count);
  }
  return [...sums].map(([value, count]) => ({ value, count }));
}

/** All of them in order, or one more than {@link MOST} if there are more. */
function mostFrequent(counted: Counted[]): Counted[] {
  return counted.sort((a, b) => b.count - a.count || compareText(a.value, b.value)).slice(0, MOST + 1);
}
