import type { Member } from '#lib/linking/port.ts';
import type { Contradiction, Decision, Link } from '#lib/model/index.ts';
import type { Table } from '../columns/table.ts';
import type { Engine } from '../engine.ts';

/** Gives the texts of a row, as {@link Rows.withTexts} has them. */
type Read = (slot: number) => Member;

/** What contradicts itself about the machine of a row. */
export const contradictionsOf = ({ links: { stack } }: Table, slot: number, read: Read): Contradiction[] =>
  distinct(stack.members(slot).flatMap((one) => stack.contradictionsOf(one, read)));

export function decisionsAbout(uids: readonly string[], { decisions }: Engine): Decision[] {
  const about = new Set(uids);
  return decisions.filter(({ a, b }) => about.has(a) || about.has(b));
}

/** Uid of the row that stands for a row's machine; of one that is gone its own. */
export function machineOf(uid: string, table: Table): string {
  const slot = table.slotOf(uid);
  return slot === undefined ? uid : table.uid(table.links.heads[slot] ?? slot);
}

/** What speaks for the rows of a machine being one, by any of them. */
export function joinsAmong(uid: string, table: Table, read: Read): Link[] {
  const slot = table.slotOf(uid);
  if (slot === undefined) return [];
  const { stack } = table.links;
  const among = new Set(stack.members(slot).map((one) => table.uid(one)));
  return stack
    .links(slot, read)
    .filter(({ relation, from, to }) => relation === 'same-as' && among.has(from) && among.has(to));
}

/** The links of those pairs that are still offered. */
export function offersBetween<T extends { a: string; b: string }>(
  pairs: readonly T[],
  table: Table,
  read: Read,
): (T & { link: Link })[] {
  const { stack } = table.links;
  const wanted = new Map(pairs.map((pair) => [`${table.slotOf(pair.a)} ${table.slotOf(pair.b)}`, pair]));
  const found: (T & { link: Link })[] = [];
  for (const offer of stack.offers()) {
    if (found.length === wanted.size) break;
    const pair = wanted.get(`${offer.a} ${offer.b}`);
    if (pair) found.push({ ...pair, link: stack.linkOf(offer, read) });
  }
  return found;
}

/** Each value once, the first of those that say the same. */
export const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];
