import type { Groups } from '#lib/query/api.ts';
import type { Field } from '#lib/query/field.ts';
import { tagKeyOf } from '#lib/query/fields.ts';
import { EMPTY, UNSET } from './dictionary.ts';
import type { Source } from './filter.ts';
import { GroupFigures } from './group-figures.ts';
import type { Selection } from './selection.ts';
import { compareText } from './sorted-keys.ts';
import type { Table } from './table.ts';

/** Groups at most; the largest stay. */
const MOST = 1000;

/** Which group each slot is in. A row with several values of one tag key is in the group of the first. */
interface Grouping {
  codes: Uint16Array | Uint32Array;
  names: { size: number; of(code: number): string };
}

function groupingBy(field: Field, { table, scopes, now }: Source): Grouping {
  const tag = tagKeyOf(field.key);
  if (tag !== null) return groupingByTag(tag, table);
  if (field.key === 'freshness') {
    const column = table.codesOf('scope');
    const states = scopes.statesByCode(column.dictionary, now);
    const names = [...new Set(states)];
    const numbers = Uint16Array.from(states, (state) => names.indexOf(state));
    const codes = new Uint16Array(table.size);
    for (let slot = 0; slot < codes.length; slot++) codes[slot] = numbers[column.codes[slot] ?? 0] ?? 0;
    return { codes, names: { size: names.length, of: (code) => names[code] ?? '' } };
  }
  const column = table.codes(field.key);
  if (!column) return { codes: new Uint16Array(table.size), names: { size: 1, of: () => '' } };
  const { codes, dictionary } = column;
  return { codes, names: { size: dictionary.size, of: (code) => dictionary.spelling(code) } };
}

function groupingByTag(key: string, table: Table): Grouping {
  const codes = new Uint32Array(table.size);
  const column = table.tags(key);
  if (!column) return { codes, names: { size: 1, of: () => '' } };
  const { slots, codes: values, dictionary } = column;
  for (let i = column.size - 1; i >= 0; i--) codes[slots[i] ?? 0] = values[i] === EMPTY ? UNSET : (values[i] ?? UNSET);
  return { codes, names: { size: dictionary.size, of: (code) => dictionary.spelling(code) } };
}

/** Counts and adds up a selection by the values of a field. @throws QueryProblem `timeout` */
export function groupsOf({ failing, total }: Selection, field: Field, source: Source): Groups {
  source.deadline.check();
  const { codes, names } = groupingBy(field, source);
  source.deadline.check();
  // The last group is the sum of all.
  const figures = new GroupFigures(source.table, names.size + 1);
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] === 0) figures.add(codes[slot] ?? UNSET, slot);
  }
  const found: number[] = [];
  for (let code = 0; code < names.size; code++) {
    if (figures.count(code) === 0) continue;
    found.push(code);
    figures.fold(code, names.size);
  }
  found.sort((a, b) => figures.count(b) - figures.count(a) || compareText(names.of(a), names.of(b)));
  const groups = found.slice(0, MOST).flatMap((code) => figures.read(code, names.of(code)) ?? []);
  return {
    total,
    groups,
    truncated: found.length > MOST,
    sum: figures.read(names.size, ''),
  };
}
