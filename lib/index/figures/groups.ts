import type { Groups } from '#lib/api/resources.ts';
import type { Field } from '#lib/language/field.ts';
import { tagKeyOf } from '#lib/language/fields.ts';
import { EMPTY, UNSET } from '../columns/dictionary.ts';
import type { Table } from '../columns/table.ts';
import type { Source } from '../filter/clause.ts';
import type { Selection } from '../filter/selection.ts';
import { largest, largestInOrder } from '../order/largest.ts';
import { compareText } from '../order/sorted-keys.ts';
import { GroupFigures } from './group-figures.ts';
import { bitOf, COVERING } from './row-figures.ts';

/** Groups at most; the largest stay. Of machines there may be as many as rows, and each needs its name from the store. */
const MOST = 1000;
const MOST_MACHINES = 300;

/** As many groups, or fewer, are all added up at once. */
const FEW = 1000;

/** Which group each slot is in. A row with several values of one tag key is in the group of the first. */
interface Grouping {
  codes: Uint16Array | Uint32Array;
  /** Codes are below this. */
  size: number;
  nameOf(code: number): string;
  /** The codes that are told, in order, of those that have rows. */
  told(counts: Uint32Array): number[];
}

function groupingBy(field: Field, { table, scopes, now }: Source): Grouping {
  if (field.key === 'machine') return groupingByMachine(table);
  const tag = tagKeyOf(field.key);
  if (tag !== null) return groupingByTag(tag, table);
  if (field.key === 'freshness') {
    const column = table.codesOf('scope');
    const states = scopes.statesByCode(column.dictionary, now);
    const names = [...new Set(states)];
    const numbers = Uint16Array.from(states, (state) => names.indexOf(state));
    const codes = new Uint16Array(table.size);
    for (let slot = 0; slot < codes.length; slot++) codes[slot] = numbers[column.codes[slot] ?? 0] ?? 0;
    return named(codes, names.length, (code) => names[code] ?? '');
  }
  const column = table.codes(field.key);
  if (!column) return named(new Uint16Array(table.size), 1, () => '');
  const { codes, dictionary } = column;
  return named(codes, dictionary.size, (code) => dictionary.spelling(code));
}

function named(codes: Grouping['codes'], size: number, nameOf: (code: number) => string): Grouping {
  const told = (counts: Uint32Array) => {
    const found: number[] = [];
    for (let code = 0; code < size; code++) if (counts[code] !== 0) found.push(code);
    const compare = (a: number, b: number) => compareText(nameOf(a), nameOf(b));
    return largest(found, { count: (code) => counts[code] ?? 0, compare, most: MOST });
  };
  return { codes, size, nameOf, told };
}

function groupingByTag(key: string, table: Table): Grouping {
  const codes = new Uint32Array(table.size);
  const column = table.tags(key);
  if (!column) return named(codes, 1, () => '');
  const { slots, codes: values, dictionary } = column;
  for (let i = column.size - 1; i >= 0; i--) codes[slots[i] ?? 0] = values[i] === EMPTY ? UNSET : (values[i] ?? UNSET);
  return named(codes, dictionary.size, (code) => dictionary.spelling(code));
}

/** There may be as many machines as rows: only the largest are told, by their names where they are of one size. */
function groupingByMachine(table: Table): Grouping {
  const { byName } = table;
  return {
    codes: table.standing.computers,
    size: table.size + 1,
    nameOf: (code) => (code === UNSET ? '' : table.uid(code - 1)),
    told: (counts) => {
      const machines = largestInOrder(
        counts.subarray(1),
        { order: byName.order(), places: byName.places() },
        MOST_MACHINES,
      );
      const told = machines.map((slot) => slot + 1);
      // What stands on nothing known is told in any case.
      const count = counts[UNSET] ?? 0;
      const at = told.findIndex((code) => (counts[code] ?? 0) <= count);
      if (count > 0) told.splice(at === -1 ? told.length : at, 0, UNSET);
      return told;
    },
  };
}

function countsOf(failing: Uint8Array, codes: Grouping['codes'], size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] !== 0) continue;
    const code = codes[slot] ?? UNSET;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** Counts and adds up a selection by the values of a field. @throws QueryProblem `timeout` */
export function groupsOf(selection: Selection, field: Field, source: Source): Groups {
  const { table, deadline } = source;
  const { failing, total } = selection;
  const { heads } = table.links;
  const { of: rows, ambiguous } = table.standing.rowFigures;
  deadline.check();
  const { codes, size, nameOf, told: tell } = groupingBy(field, source);
  deadline.check();
  // Of very many groups only what is told is added up by itself; then come all others together, then the sum of all.
  const first = size > FEW ? tell(countsOf(failing, codes, size)) : null;
  const rest = first === null ? size : first.length;
  const all = rest + 1;
  const numbers = new Uint16Array(size).fill(rest);
  if (first === null) for (let code = 0; code < size; code++) numbers[code] = code;
  else for (const [number, code] of first.entries()) numbers[code] = number;
  deadline.check();
  const figures = new GroupFigures(table, all + 1);
  const groupOf = (code: number) => numbers[code] ?? rest;
  const covering = COVERING.reduce((bits, name) => bits | bitOf(name), 0);
  let duplicatesAcross = 0;
  figures.addAll(failing, { codes, numbers }, (slot) => {
    const first = heads[slot] ?? slot;
    if (failing[first] !== 0 || ((rows[first] ?? 0) & covering) === 0) return;
    if (codes[first] === codes[slot]) figures.countDuplicates(groupOf(codes[first] ?? UNSET));
    else duplicatesAcross++;
  });
  figures.sumInto(all);
  figures.countDuplicates(all, duplicatesAcross);
  deadline.check();
  const isSelected = (slot: number) => failing[slot] === 0;
  for (const members of ambiguous) {
    const own = new Set(members.filter(isSelected).map((slot) => codes[slot] ?? UNSET));
    if (own.size > 0) figures.addAmbiguous(all, members, isSelected);
    for (const code of own)
      figures.addAmbiguous(groupOf(code), members, (slot) => isSelected(slot) && codes[slot] === code);
  }
  const told = first ?? tell(Uint32Array.from({ length: size }, (_, code) => figures.count(code)));
  const groups = told.flatMap((code) => figures.read(groupOf(code), nameOf(code)) ?? []);
  const isWhole = groups.reduce((sum, { count }) => sum + count, 0) === total;
  return { total, groups, truncated: !isWhole, sum: figures.read(all, '') };
}
