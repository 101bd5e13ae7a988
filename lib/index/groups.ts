import type { Groups } from '#lib/query/api.ts';
import type { Field } from '#lib/query/field.ts';
import { tagKeyOf } from '#lib/query/fields.ts';
import { GONE } from './columns.ts';
import { EMPTY, UNSET } from './dictionary.ts';
import type { Source } from './filter.ts';
import { GroupFigures } from './group-figures.ts';
import type { Selection } from './selection.ts';
import { compareText } from './sorted-keys.ts';
import type { Table } from './table.ts';

/** Groups at most; the largest stay. Of machines there may be as many as rows, and each needs its name from the store. */
const MOST = 1000;
const MOST_MACHINES = 300;

/** More groups than this are not all put in order. */
const SORTED = 5000;

/** Which group each slot is in. A row with several values of one tag key is in the group of the first. */
interface Grouping {
  codes: Uint16Array | Uint32Array;
  names: {
    size: number;
    of(code: number): string;
    /** Order of groups of one size, where the names themselves would be dear to compare. */
    place?(code: number): number;
    /** Groups told at most, where it is not {@link MOST}. */
    most?: number;
  };
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

/** Machines are numbered as they are met: there may be as many as rows. */
function groupingByMachine(table: Table, failing: Uint8Array): Grouping {
  const { computers } = table.standing;
  const numbers = new Uint32Array(table.size);
  const codes = new Uint32Array(table.size);
  const machines = [GONE];
  for (let slot = 0; slot < codes.length; slot++) {
    const computer = computers[slot] ?? GONE;
    if (failing[slot] !== 0 || computer === GONE) continue;
    numbers[computer] ||= machines.push(computer) - 1;
    codes[slot] = numbers[computer] ?? UNSET;
  }
  const places = table.byName.places();
  const slotOf = (code: number) => machines[code] ?? GONE;
  return {
    codes,
    names: {
      size: machines.length,
      most: MOST_MACHINES,
      of: (code) => (code === UNSET ? '' : table.uid(slotOf(code))),
      place: (code) => (code === UNSET ? 0 : 1 + (places[slotOf(code)] ?? 0)),
    },
  };
}

/** Counts and adds up a selection by the values of a field. @throws QueryProblem `timeout` */
export function groupsOf(selection: Selection, field: Field, source: Source): Groups {
  const { table, deadline } = source;
  const { failing, total } = selection;
  const { shared } = table.links;
  deadline.check();
  const { codes, names } = groupingBy(field, source, selection);
  deadline.check();
  // The last group is the sum of all.
  const all = names.size;
  const figures = new GroupFigures(table, all + 1);
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] === 0 && shared[slot] !== 1) figures.add(codes[slot] ?? UNSET, slot, false);
  }
  figures.foldInto(all);
  deadline.check();
  for (const members of table.standing.machines) {
    figures.addMachine(members, failing, codes, all);
  }
  const found: number[] = [];
  for (let code = 0; code < all; code++) if (figures.count(code) > 0) found.push(code);
  const groups = largest(found, figures, names).flatMap((code) => figures.read(code, names.of(code)) ?? []);
  return { total, groups, truncated: found.length > groups.length, sum: figures.read(all, '') };
}

/** The largest groups, ties by name. */
function largest(found: readonly number[], figures: GroupFigures, names: Grouping['names']): number[] {
  const { place, most = MOST } = names;
  const compare = (a: number, b: number): number =>
    figures.count(b) - figures.count(a) ||
    (place === undefined ? compareText(names.of(a), names.of(b)) : place(a) - place(b));
  if (found.length <= SORTED) return found.toSorted(compare).slice(0, most);
  // Most groups are small: only those that can be among the largest are put in order.
  const least = countOf(most, found, figures);
  const larger: number[] = [];
  let ties: number[] = [];
  for (const code of found) {
    const count = figures.count(code);
    if (count > least) larger.push(code);
    else if (count === least) ties.push(code);
  }
  if (place !== undefined && ties.length > SORTED) ties = firstByPlace(ties, place, most);
  return [...larger, ...ties].sort(compare).slice(0, most);
}

/** The number of rows of the group that is at a place when they are in order, the largest first. */
function countOf(wanted: number, found: readonly number[], figures: GroupFigures): number {
  let most = 0;
  for (const code of found) most = Math.max(most, figures.count(code));
  const groups = new Uint32Array(most + 1);
  for (const code of found) groups[figures.count(code)] = (groups[figures.count(code)] ?? 0) + 1;
  let count = most;
  for (let left = wanted - (groups[count] ?? 0); left > 0 && count > 0; ) left -= groups[--count] ?? 0;
  return count;
}

/** Those with the lowest places, at least so many. */
function firstByPlace(codes: readonly number[], place: (code: number) => number, most: number): number[] {
  const places = Uint32Array.from(codes, place);
  let last = 0;
  for (const one of places) last = Math.max(last, one);
  const step = Math.max(1, Math.ceil((last + 1) / SORTED));
  const steps = new Uint32Array(SORTED + 1);
  for (const one of places) steps[Math.floor(one / step)] = (steps[Math.floor(one / step)] ?? 0) + 1;
  let end = 0;
  for (let left = most; left > 0 && end <= SORTED; end++) left -= steps[end] ?? 0;
  return codes.filter((_, i) => (places[i] ?? 0) < end * step);
}
