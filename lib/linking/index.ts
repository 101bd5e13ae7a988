import type { Conflict, Decision } from '#lib/model/index.ts';
import { Candidates } from './candidates.ts';
import { allConflicts, conflictsOf, planOf, type SlotConflict } from './conflicts.ts';
import { LinkGraph } from './link-graph.ts';
import { linkOfCandidate, linksOf } from './links.ts';
import type { Candidate, LinkPlan, LinkRow, Plan, SlotOf, Stack, UidOf } from './port.ts';
import { RowTable } from './rows.ts';
import { settle } from './settle.ts';

export type { Candidate, LinkPlan, LinkRow, Plan, SlotOf, Stack } from './port.ts';

const GONE = 0xffffffff;

/** A stack without rows. @param expected rows to make room for at once */
export const createStack = (expected = 0): Stack => new LinkedStack(new LinkGraph(expected));

class LinkedStack implements Stack {
  readonly #graph: LinkGraph;
  #added: number[] = [];
  #removed: number[] = [];
  #isSettled = true;
  #candidates: readonly Candidate[] | null = null;
  #conflicts: readonly SlotConflict[] | null = null;

  constructor(graph: LinkGraph) {
    this.#graph = graph;
  }

  add(slot: number, row: LinkRow): void {
    this.#graph.add(slot, row);
    this.#added.push(slot);
    this.#isSettled = false;
  }

  drop(slot: number): void {
    if (!this.#graph.rows.isLive(slot)) return;
    this.#graph.rows.drop(slot);
    this.#removed.push(slot);
    this.#isSettled = false;
  }

  decide(decisions: readonly Decision[]): void {
    this.#graph.decided.replace(decisions);
    this.#isSettled = false;
  }

  settle(slotOf: SlotOf): Uint32Array | null {
    if (this.#isSettled) return new Uint32Array(0);
    const changed = settle(this.#graph, { added: this.#added, removed: this.#removed, slotOf });
    this.#added = [];
    this.#removed = [];
    this.#candidates = null;
    this.#conflicts = null;
    this.#isSettled = true;
    return changed;
  }

  machineOf(slot: number): number {
    return this.#graph.machineOf(slot);
  }

  members(slot: number): readonly number[] {
    return this.#graph.members(slot);
  }

  byPrecedence(slots: readonly number[]): readonly number[] {
    return slots.toSorted((x, y) => this.#graph.rows.comparePrecedence(x, y));
  }

  *machines(): Generator<number> {
    const { rows } = this.#graph;
    for (let slot = 0; slot < rows.size; slot++)
      if (rows.isLive(slot) && !this.#graph.isAlone(slot) && this.#graph.machineOf(slot) === slot) yield slot;
  }

  hostOf(slot: number): number {
    return this.#graph.hostOf(slot);
  }

  *guests(slot: number): Generator<number> {
    const graph = this.#graph;
    const head = graph.machineOf(slot);
    const seen = new Set<number>();
    for (const member of graph.members(slot))
      for (const guest of graph.guestsNaming(member))
        for (const row of graph.members(guest)) {
          if (seen.has(row)) continue;
          seen.add(row);
          const host = graph.hostOf(row);
          if (host >= 0 && graph.machineOf(host) === head) yield row;
        }
  }

  guestCount(slot: number): number {
    let count = 0;
    for (const _ of this.guests(slot)) count++;
    return count;
  }

  links(slot: number, uidOf: UidOf): LinkPlan[] {
    return linksOf(this.#graph, slot, uidOf);
  }

  candidates(): readonly Candidate[] {
    this.#candidates ??= Candidates.all(this.#graph);
    return this.#candidates;
  }

  linkOf(candidate: Candidate, uidOf: UidOf): LinkPlan {
    return linkOfCandidate(this.#graph, candidate, uidOf);
  }

  conflicts(limit: number, uidOf: UidOf): { total: number; items: Plan<Conflict>[] } {
    this.#conflicts ??= allConflicts(this.#graph);
    const items = this.#conflicts.slice(0, limit).map((conflict) => planOf(this.#graph, conflict, uidOf));
    return { total: this.#conflicts.length, items };
  }

  conflictsOf(slot: number, uidOf: UidOf): Plan<Conflict>[] {
    return conflictsOf(this.#graph, slot).map((conflict) => planOf(this.#graph, conflict, uidOf));
  }

  compacted(moved: Uint32Array): Stack {
    const old = this.#graph;
    const to = (slot: number): number => {
      const place = old.rows.isLive(slot) ? (moved[slot] ?? GONE) : GONE;
      return place === GONE ? -1 : place;
    };
    const graph = new LinkGraph(old.rows.count, new RowTable(old.rows.count, old.rows.roles));
    const added: number[] = [];
    for (let slot = 0; slot < old.rows.size; slot++) {
      if (to(slot) < 0) continue;
      graph.copy(to(slot), old, slot);
      added.push(to(slot));
    }
    graph.decided = old.decided.moved(to);
    settle(graph, { added, removed: [], slotOf: null });
    const stack = new LinkedStack(graph);
    stack.#isSettled = this.#isSettled;
    return stack;
  }
}
