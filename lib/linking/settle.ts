import type { LinkGraph } from './link-graph.ts';
import type { SlotOf } from './port.ts';

/** Rows that were added and removed since the last time. */
export interface RowChanges {
  added: readonly number[];
  removed: readonly number[];
  /** Null where no row of a decision can have come or gone. */
  slotOf: SlotOf | null;
}

/**
 * Brings all that follows from the rows up to date: which identities are in conflict, machines by identities, which row each
 * declared host resolves to, machines by shared guests, circles. In this order, for each builds on the one before.
 * @returns slots of which something changed; null where it is most of them
 */
export function settle(graph: LinkGraph, { added, removed, slotOf }: RowChanges): Uint32Array | null {
  const { rows, machines, shared, decided } = graph;
  if (slotOf && !decided.isEmpty) for (const slot of decided.locate(slotOf)) machines.touch(slot);
  for (const slot of removed) machines.evaluate(slot);
  for (const slot of added) machines.evaluate(slot);
  const touched = machines.expand(
    (head) => shared.count(head, -1),
    (slot) => shared.leave(slot),
  );
  machines.recluster();

  const recount = new Set<number>();
  const changed: number[] = [];
  const isMost = touched.length * 2 > rows.count;
  follow(graph, touched, recount, isMost ? null : changed);
  for (const slot of touched) if (rows.isLive(slot) && !rows.isAlone(slot)) recount.add(rows.head[slot] ?? slot);
  for (const head of recount) shared.count(head, 1);
  const merged = shared.settle(touched);

  const named = isMost ? [] : namesOf(graph, [changed, touched, merged]);
  const circling = findCircles(graph, isMost ? rows.slots() : named);
  machines.done();
  if (isMost || named.length * 2 > rows.count) return null;
  return Uint32Array.from(circling.length === 0 ? named : new Set([...named, ...circling]));
}

/** Live rows of all machines that these rows are of, once each. */
function namesOf(graph: LinkGraph, lists: readonly Iterable<number>[]): number[] {
  const { rows } = graph;
  const names: number[] = [];
  const name = (slot: number): void => {
    if (rows.name(slot)) names.push(slot);
  };
  for (const list of lists)
    for (const slot of list) {
      if (!rows.isLive(slot)) continue;
      if (graph.isAlone(slot)) name(slot);
      else for (const member of graph.members(slot)) name(member);
    }
  for (const slot of names) rows.unname(slot);
  return names;
}

/** Resolves declared hosts again. @param changed gets the rows that run on something else now */
function follow(graph: LinkGraph, touched: readonly number[], recount: Set<number>, changed: number[] | null): void {
  const { rows, keys, hosted, shared } = graph;
  for (const slot of touched) {
    for (let entry = (rows.firstKey[slot] ?? 0) - 1; entry >= 0 && entry < keys.size; entry++) {
      if (keys.slots[entry] !== slot) break;
      if ((hosted.types & (1 << keys.type(entry))) === 0) continue;
      const key = hosted.find(keys.hash(entry));
      if (key >= 0) hosted.setDue(key);
    }
  }
  const news: [key: number, host: number][] = [];
  for (const key of hosted.takeDue()) {
    const host = graph.resolve(key);
    if (host + 1 === hosted.resolved[key]) continue;
    news.push([key, host]);
    hosted.eachGuest(key, (guest) => {
      changed?.push(guest);
      if (rows.isAlone(guest) || rows.isMarked(guest)) return;
      const head = rows.head[guest] ?? guest;
      if (recount.has(head)) return;
      recount.add(head);
      shared.count(head, -1);
    });
  }
  for (const [key, host] of news) hosted.resolved[key] = host + 1;
}

/** Walks down from each changed machine. @returns rows of machines that stand in a circle now, or did */
function findCircles(graph: LinkGraph, changed: Iterable<number>): number[] {
  const before = graph.circles;
  const circles = new Set<number>();
  for (const slot of changed) if (graph.rows.isLive(slot)) walk(graph, slot, circles);
  for (const slot of before) if (graph.rows.isLive(slot)) walk(graph, slot, circles);
  graph.circles = circles;
  const differing = [...before].filter((head) => !circles.has(head)).concat([...circles].filter((h) => !before.has(h)));
  return differing.flatMap((slot) => (graph.rows.isLive(slot) ? [...graph.members(slot)] : []));
}

function walk(graph: LinkGraph, slot: number, circles: Set<number>): void {
  const first = graph.declaredHostOf(slot);
  // Nearly all rows end here: what they run on runs on nothing that is known.
  if (first < 0 || graph.declaredHostOf(first) < 0) return;
  const start = graph.machineOf(slot);
  const path = new Set<number>();
  for (let at = start; !circles.has(at); ) {
    path.add(at);
    const host = graph.declaredHostOf(at);
    if (host < 0) return;
    at = graph.machineOf(host);
    if (at === start) for (const head of path) circles.add(head);
    else if (path.has(at)) return;
  }
}
