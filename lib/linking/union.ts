import type { RowTable } from './rows.ts';

/** Evidence for a pair of rows. `rank` 0 is a person's decision; the lower, the stronger. */
export interface Edge {
  rank: number;
  x: number;
  y: number;
  /** Entry of the identity; -1 for a person's decision and for guests. */
  entry: number;
  /** Of the identity's hash: puts two of one type and pair in a fixed order. */
  tieBreak: number;
}

/** An edge that was not followed: the two would share a role, or a person has split them. */
export interface RejectedEdge extends Edge {
  isSplit: boolean;
  /** All rows that it is about. */
  slots: readonly number[];
}

interface Part {
  slots: number[];
  roles: number;
}

/**
 * Puts rows together along edges: strongest first, then in the fixed order of rows, so that it is the same whatever came first. What
 * would put two rows in one role, or a split pair in one machine, is rejected, and told once for each two machines; a person's decision holds
 * against roles.
 * @param parts rows that are together already
 * @param splits rows that a row must not be together with
 */
export function union(
  rows: RowTable,
  parts: readonly (readonly number[])[],
  edges: Edge[],
  splits: (slot: number) => readonly number[],
): { machines: number[][]; rejected: RejectedEdge[] } {
  const partOf = new Map<number, Part>();
  for (const slots of parts) {
    const part = { slots: [...slots], roles: slots.reduce((roles, slot) => roles | rows.bit(slot), 0) };
    for (const slot of slots) partOf.set(slot, part);
  }
  const rejected: RejectedEdge[] = [];
  edges.sort((e, f) => e.rank - f.rank || rows.compare(e.x, f.x) || rows.compare(e.y, f.y) || e.tieBreak - f.tieBreak);
  for (const edge of edges) {
    const [one, other] = [partOf.get(edge.x), partOf.get(edge.y)];
    if (!one || !other || one === other) continue;
    const [large, small] = one.slots.length < other.slots.length ? [other, one] : [one, other];
    const isSplit = small.slots.some((slot) => splits(slot).some((away) => partOf.get(away) === large));
    if (isSplit || (edge.rank > 0 && (one.roles & other.roles) !== 0)) {
      rejected.push({ ...edge, isSplit, slots: disputed(rows, edge, one, other, isSplit) });
      continue;
    }
    large.roles |= small.roles;
    large.slots.push(...small.slots);
    for (const slot of small.slots) partOf.set(slot, large);
  }
  const parted = [...new Set(partOf.values())];
  const told = new Set<string>();
  const isFirst = ({ x, y }: RejectedEdge): boolean => {
    const pair = [x, y].map((slot) => parted.indexOf(partOf.get(slot) ?? { slots: [], roles: 0 }));
    const key = pair.sort((a, b) => a - b).join(' ');
    return !told.has(key) && told.add(key).has(key);
  };
  return {
    machines: parted.map(({ slots }) => slots.sort((x, y) => rows.comparePrecedence(x, y))),
    rejected: rejected.filter(isFirst),
  };
}

/** The pair of the edge, and the rows that contend for a role. */
function disputed(rows: RowTable, { x, y }: Edge, one: Part, other: Part, isSplit: boolean): number[] {
  const contended = one.roles & other.roles;
  const inWay = isSplit ? [] : [...one.slots, ...other.slots].filter((slot) => (rows.bit(slot) & contended) !== 0);
  return [...new Set([x, y, ...inWay])].sort((a, b) => rows.comparePrecedence(a, b));
}
