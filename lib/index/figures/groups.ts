import type { Groups } from '#lib/api/resources.ts';
import type { Field } from '#lib/language/field.ts';
import { UNSET } from '../columns/dictionary.ts';
import type { Snapshot } from '../filter/clause.ts';
import type { Selection } from '../filter/selection.ts';
import type { Grouping } from '../kinds/grouping.ts';
import { kindOf } from '../kinds/kinds.ts';
import { GroupFigures } from './group-figures.ts';
import { bitOf, COVERING } from './row-figures.ts';

/** As many groups, or fewer, are all added up at once. */
const FEW = 1000;

function countsOf(excluded: Uint8Array, codes: Grouping['codes'], size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let slot = 0; slot < excluded.length; slot++) {
    if (excluded[slot] !== 0) continue;
    const code = codes[slot] ?? UNSET;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** Counts and adds up a selection by the values of a field that can be grouped by. @throws QueryProblem `timeout` */
export function groupsOf(selection: Selection, field: Field, snapshot: Snapshot): Groups {
  const { table, deadline } = snapshot;
  const { excluded, total } = selection;
  const { heads } = table.links;
  const { of: rows, ambiguous } = table.derived.rowFigures;
  deadline.check();
  const grouping = kindOf(field).group?.(field, snapshot);
  if (!grouping) throw new TypeError(`no groups by ${field.key}`);
  const { codes, size, nameOf, listed: listedOf } = grouping;
  deadline.check();
  // Of very many groups only those that are listed are added up one by one; then all others together, then the sum of all.
  const first = size > FEW ? listedOf(countsOf(excluded, codes, size)) : null;
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
  figures.addAll(excluded, { codes, numbers }, (slot) => {
    const first = heads[slot] ?? slot;
    if (excluded[first] !== 0 || ((rows[first] ?? 0) & covering) === 0) return;
    if (codes[first] === codes[slot]) figures.countDuplicates(groupOf(codes[first] ?? UNSET));
    else duplicatesAcross++;
  });
  figures.sumInto(all);
  figures.countDuplicates(all, duplicatesAcross);
  deadline.check();
  const isSelected = (slot: number) => excluded[slot] === 0;
  for (const members of ambiguous) {
    const own = new Set(members.filter(isSelected).map((slot) => codes[slot] ?? UNSET));
    if (own.size > 0) figures.addAmbiguous(all, members, isSelected);
    for (const code of own)
      figures.addAmbiguous(groupOf(code), members, (slot) => isSelected(slot) && codes[slot] === code);
  }
  const listed = first ?? listedOf(Uint32Array.from({ length: size }, (_, code) => figures.count(code)));
  const groups = listed.flatMap((code) => figures.read(groupOf(code), nameOf(code)) ?? []);
  const isWhole = groups.reduce((sum, { count }) => sum + count, 0) === total;
  return { total, groups, truncated: !isWhole, sum: figures.read(all, '') };
}
