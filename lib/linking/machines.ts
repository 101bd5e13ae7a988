import type { Claims } from './claims.ts';
import type { DecisionPairs } from './decided.ts';
import { EXCLUSIVE, RANK } from './evidence.ts';
import type { IdentityKeys } from './keys.ts';
import type { RowTable } from './rows.ts';
import { type Edge, type RejectedEdge, union } from './union.ts';

/**
 * Machines as identities and people make them. After a change only rows are looked at that evidence connects with a changed one:
 * identities in conflict connect nobody, so that a value that thousands share costs nothing.
 */
export class Machines {
  /** Edges that were rejected, by their first row. */
  readonly rejected = new Map<number, RejectedEdge[]>();
  readonly #rows: RowTable;
  readonly #keys: IdentityKeys;
  readonly #claims: Claims;
  readonly #decided: () => DecisionPairs;
  /** Rows to be grouped anew, dropped ones included. */
  #touched: number[] = [];
  #seen: number[] = [];

  constructor(rows: RowTable, keys: IdentityKeys, claims: Claims, decided: () => DecisionPairs) {
    this.#rows = rows;
    this.#keys = keys;
    this.#claims = claims;
    this.#decided = decided;
  }

  touch(slot: number): void {
    if (this.#rows.mark(slot)) this.#touched.push(slot);
  }

  /** Evaluates the identities of a row that came or went. */
  evaluate(slot: number): void {
    const keys = this.#keys;
    this.touch(slot);
    const isLive = this.#rows.isLive(slot);
    const { size, slots } = keys;
    for (let entry = (this.#rows.firstKey[slot] ?? 0) - 1; entry >= 0 && entry < size; entry++) {
      if (slots[entry] !== slot) break;
      if (isLive && keys.isSingle(entry)) continue;
      const head = keys.headOf(entry);
      if (head >= 0 && keys.visit(head)) this.#evaluate(head);
    }
  }

  #evaluate(old: number): void {
    const keys = this.#keys;
    const head = keys.purge(old);
    if (head < 0) return;
    this.#seen.push(head);
    const type = keys.type(head);
    if (EXCLUSIVE[type] === 0) return;
    const was = keys.isConflicting(head);
    const is = this.#claims.isConflict(head);
    keys.setConflicting(head, is);
    if (RANK[type] === 0 || (was && is)) return;
    for (const slot of this.#claims.holders(head)) this.touch(slot);
  }

  /**
   * Touches all that is connected with what was touched, as it was and as it is.
   * @param leave called for each machine of several rows before it is taken apart
   * @param others rows that are one machine with a row by other evidence than identities
   */
  expand(leave: (head: number) => void, others: (slot: number) => readonly number[]): readonly number[] {
    for (const head of this.#seen) this.#keys.unvisit(head);
    this.#seen = [];
    const rows = this.#rows;
    // The list grows while it is read.
    for (let i = 0; i < this.#touched.length; i++) {
      const slot = this.#touched[i] ?? 0;
      if (!rows.isAlone(slot)) {
        if (rows.head[slot] === slot) leave(slot);
        for (const mate of rows.cluster(slot)) this.touch(mate);
      }
      for (const mate of others(slot)) this.touch(mate);
      if (rows.isLive(slot)) this.#eachNeighbour(slot, (mate) => this.touch(mate));
    }
    return this.#touched;
  }

  #eachNeighbour(slot: number, visit: (mate: number) => void): void {
    const keys = this.#keys;
    const { size, slots } = keys;
    for (let entry = (this.#rows.firstKey[slot] ?? 0) - 1; entry >= 0 && entry < size; entry++) {
      if (slots[entry] !== slot) break;
      if (RANK[keys.type(entry)] === 0 || keys.isSingle(entry)) continue;
      const head = keys.headOf(entry);
      if (!keys.isConflicting(head)) for (const mate of this.#claims.holders(head)) visit(mate);
    }
    for (const mate of this.#decided().joins(slot)) visit(mate);
  }

  /** Groups all touched rows anew; they stay marked until {@link done}. */
  recluster(): void {
    const rows = this.#rows;
    const isOpen = new Set<number>();
    for (const slot of this.#touched) {
      rows.link([slot]);
      if (this.rejected.size > 0) this.rejected.delete(slot);
    }
    for (const slot of this.#touched) {
      if (!rows.isLive(slot) || isOpen.has(slot)) continue;
      const connected = this.#connected(slot);
      if (connected.length === 1) continue;
      for (const mate of connected) isOpen.add(mate);
      this.#group(connected);
    }
  }

  #connected(slot: number): number[] {
    const found = [slot];
    let known: Set<number> | null = null;
    for (let i = 0; i < found.length; i++)
      this.#eachNeighbour(found[i] ?? 0, (mate) => {
        if (mate === slot) return;
        known ??= new Set(found);
        if (known.has(mate)) return;
        known.add(mate);
        found.push(mate);
      });
    return found;
  }

  #group(slots: readonly number[]): void {
    const decided = this.#decided();
    const edges: Edge[] = [];
    for (const slot of slots) {
      for (const entry of this.#claims.entries(slot)) this.#addEdges(entry, edges);
      for (const mate of decided.joins(slot)) if (slot < mate) edges.push(this.#edge(0, slot, mate, -1));
    }
    const parts = slots.map((slot) => [slot]);
    const { machines, rejected } = union(this.#rows, parts, edges, (slot) => decided.splits(slot));
    for (const machine of machines) this.#rows.link(machine);
    for (const edge of rejected) {
      const list = this.rejected.get(edge.x);
      if (list) list.push(edge);
      else this.rejected.set(edge.x, [edge]);
    }
  }

  #addEdges(entry: number, edges: Edge[]): void {
    const keys = this.#keys;
    const rank = RANK[keys.type(entry)] ?? 0;
    if (rank === 0 || !keys.isHead(entry) || keys.isSingle(entry) || keys.isConflicting(entry)) return;
    const claimants = this.#claims.claimants(entry);
    for (const [index, x] of claimants.entries())
      for (const y of claimants.slice(index + 1)) edges.push(this.#edge(rank, x, y, entry));
  }

  #edge(rank: number, a: number, b: number, entry: number): Edge {
    const [x, y] = this.#rows.compare(a, b) < 0 ? [a, b] : [b, a];
    return { rank, x, y, entry, tieBreak: entry < 0 ? 0 : this.#keys.hash(entry).a };
  }

  done(): void {
    for (const slot of this.#touched) this.#rows.unmark(slot);
    this.#touched = [];
  }
}
