import type { Groups } from '#lib/query/api.ts';
import type { Field } from '#lib/query/field.ts';
import { tagKeyOf } from '#lib/query/fields.ts';
import { GONE } from './columns.ts';
import { EMPTY, UNSET } from './dictionary.ts';
import type { Source } from './filter.ts';
import { GroupFigures } from './group-figures.ts';
import { largest } from './largest.ts';
import type { Selection } from './selection.ts';
import { compareText } from './sorted-keys.ts';
import { MIX } from './standing.ts';
import type { Table } from './table.ts';

/** Groups at most; the largest stay. Of machines there may be as many as rows, and each needs its name from the store. */
const MOST = 1000;
const MOST_MACHINES = 300;

/** Which group each slot is in. A row with several values of one tag key is in the group of the first. */
interface Grouping {
  codes: Uint16Array | Uint32Array;
  names: {
    size: number;
    of(code: number): string;
    /** Order of groups of one size, where it is not that of the names. */
    place?(code: number): number;
  };
  /** A group that is not told: what there are too many groups for. */
  rest?: number;
}

function groupingBy(field: Field, { table, scopes, now }: Source, { failing }: Selection): Grouping {
  if (field.key === 'machine') return groupingByMachine(table, failing);
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

/** There may be as many machines as rows: only the largest are groups, all others are in the one that is not told. */
function groupingByMachine(table: Table, failing: Uint8Array): Grouping {
  const { computers } = table.standing;
  const counts = new Uint32Array(table.size);
  const found: number[] = [];
  for (let slot = 0; slot < counts.length; slot++) {
    const computer = computers[slot] ?? GONE;
    if (failing[slot] !== 0 || computer === GONE) continue;
    if (counts[computer] === 0) found.push(computer);
    counts[computer] = (counts[computer] ?? 0) + 1;
  }
  const places = table.byName.places();
  const told = largest(found, {
    count: (slot) => counts[slot] ?? 0,
    compare: (a, b) => (places[a] ?? 0) - (places[b] ?? 0),
    place: (slot) => places[slot] ?? 0,
    most: MOST_MACHINES,
  });
  const rest = told.length + 1;
  // Counted: from here on the numbers of groups, the rest for all that are none.
  const numbers = counts.fill(rest);
  for (let i = 0; i < told.length; i++) numbers[told[i] ?? 0] = i + 1;
  const codes = new Uint32Array(table.size);
  for (let slot = 0; slot < codes.length; slot++) {
    const computer = computers[slot] ?? GONE;
    codes[slot] = computer === GONE ? UNSET : (numbers[computer] ?? rest);
  }
  const of = (code: number) => (code === UNSET ? '' : table.uid(told[code - 1] ?? GONE));
  // In order already; what stands on nothing known goes where its number belongs.
  const names = { size: rest + 1, of, place: (code: number) => code };
  return { codes, names, rest: found.length > told.length ? rest : -1 };
}

/** Counts and adds up a selection by the values of a field. @throws QueryProblem `timeout` */
export function groupsOf(selection: Selection, field: Field, source: Source): Groups {
  const { table, deadline } = source;
  const { failing, total } = selection;
  const { heads } = table.links;
  const { parts, contested } = table.standing.mixture;
  deadline.check();
  const { codes, names, rest = -1 } = groupingBy(field, source, selection);
  deadline.check();
  // The last group is the sum of all.
  const all = names.size;
  const figures = new GroupFigures(table, all + 1);
  const { folding } = figures;
  let foldedAcross = 0;
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] !== 0) continue;
    const part = parts[slot];
    if (part === MIX.contested) continue;
    const group = codes[slot] ?? UNSET;
    figures.add(group, slot, part === MIX.ofVm);
    if (part !== MIX.ofVm || !folding.isFoldedNode(slot)) continue;
    const vm = heads[slot] ?? slot;
    if (failing[vm] !== 0 || !folding.isOf('provisioned', vm)) continue;
    if (codes[vm] === group) figures.countFolded(group);
    else foldedAcross++;
  }
  figures.foldInto(all);
  for (; foldedAcross > 0; foldedAcross--) figures.countFolded(all);
  deadline.check();
  for (const members of contested) {
    const isSelected = (slot: number) => failing[slot] === 0;
    const groups = new Set(members.filter(isSelected).map((slot) => codes[slot] ?? UNSET));
    if (groups.size > 0) figures.addContested(all, members, isSelected);
    for (const group of groups)
      figures.addContested(group, members, (slot) => isSelected(slot) && codes[slot] === group);
  }
  const found: number[] = [];
  for (let code = 0; code < all; code++) if (code !== rest && figures.count(code) > 0) found.push(code);
  const { place } = names;
  const told = largest(found, {
    count: (code) => figures.count(code),
    compare: place ? (a, b) => place(a) - place(b) : (a, b) => compareText(names.of(a), names.of(b)),
    place,
    most: MOST,
  });
  const groups = told.flatMap((code) => figures.read(code, names.of(code)) ?? []);
  return { total, groups, truncated: rest !== -1 || found.length > groups.length, sum: figures.read(all, '') };
}
