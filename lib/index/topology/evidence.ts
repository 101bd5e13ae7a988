import type { Candidate, LinkPlan, Plan } from '#lib/linking/port.ts';
import type { Conflict, Decision } from '#lib/model/index.ts';
import type { Table } from '../columns/table.ts';
import type { Engine } from '../engine.ts';

/** Conflicts that the machine of a row is part of; what several of its rows are part of comes once for each. */
export function conflictsOf(table: Table, slot: number): Plan<Conflict>[] {
  const { stack } = table.links;
  return stack.members(slot).flatMap((one) => stack.conflictsOf(one, (at) => table.uid(at)));
}

export function decisionsAbout(uids: readonly string[], { decisions }: Engine): Decision[] {
  const about = new Set(uids);
  return decisions.filter(({ a, b }) => about.has(a) || about.has(b));
}

/** What speaks for a row's machine, for what it runs on, and for its match candidates. */
export const linksOf = (table: Table, slot: number): LinkPlan[] => table.links.stack.links(slot, (at) => table.uid(at));

export const linkOf = (table: Table, candidate: Candidate): LinkPlan =>
  table.links.stack.linkOf(candidate, (at) => table.uid(at));

/** What speaks for the rows of a machine being one. */
export function joinsAmong(table: Table, slot: number): LinkPlan[] {
  const among = new Set(table.links.stack.members(slot).map((one) => table.uid(one)));
  return linksOf(table, slot).filter(
    ({ relation, names }) => relation === 'same-as' && names.every((uid) => among.has(uid)),
  );
}

/** Uids of all rows that plans name or need texts of. */
export const uidsOf = (plans: readonly Plan<unknown>[]): string[] =>
  plans.flatMap(({ names, reads }) => [...names, ...reads]);

/** Each value once, the first of those that say the same. */
export const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];
