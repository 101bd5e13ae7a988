import type { Decision } from '#lib/model/index.ts';
import type { SlotOf } from './port.ts';

const NOBODY: readonly number[] = [];

/** What people decided, by slots. A decision waits while one of its rows is not live. */
export class DecisionPairs {
  #decisions: readonly Decision[] = [];
  #joins = new Map<number, number[]>();
  #splits = new Map<number, number[]>();
  /** By pair of slots. */
  #pairs = new Map<string, Decision>();

  replace(decisions: readonly Decision[]): void {
    this.#decisions = decisions;
  }

  get isEmpty(): boolean {
    return this.#decisions.length === 0 && this.#pairs.size === 0;
  }

  /** Looks up all rows anew. @returns slots of pairs about which something else is decided now, dead ones included */
  locate(slotOf: SlotOf): number[] {
    const before = this.#pairs;
    this.#pairs = new Map();
    this.#joins = new Map();
    this.#splits = new Map();
    const changed: number[] = [];
    for (const decision of this.#decisions) {
      const x = slotOf(decision.a);
      const y = slotOf(decision.b);
      if (x === undefined || y === undefined || x === y) continue;
      this.#pairs.set(keyOf(x, y), decision);
      const of = decision.verdict === 'join' ? this.#joins : this.#splits;
      push(of, x, y);
      push(of, y, x);
      if (before.get(keyOf(x, y))?.verdict !== decision.verdict) changed.push(x, y);
    }
    for (const key of before.keys()) if (!this.#pairs.has(key)) changed.push(...key.split(' ').map(Number));
    return changed;
  }

  joins(slot: number): readonly number[] {
    return this.#joins.get(slot) ?? NOBODY;
  }

  splits(slot: number): readonly number[] {
    return this.#splits.get(slot) ?? NOBODY;
  }

  get hasSplits(): boolean {
    return this.#splits.size > 0;
  }

  of(x: number, y: number): Decision | undefined {
    return this.#pairs.get(keyOf(x, y));
  }

  /** The same decisions after slots moved. @param to -1 for one that is dropped */
  moved(to: (slot: number) => number): DecisionPairs {
    const decided = new DecisionPairs();
    decided.#decisions = this.#decisions;
    for (const [key, decision] of this.#pairs) {
      const [x = -1, y = -1] = key.split(' ').map((slot) => to(Number(slot)));
      if (x < 0 || y < 0) continue;
      decided.#pairs.set(keyOf(x, y), decision);
      const of = decision.verdict === 'join' ? decided.#joins : decided.#splits;
      push(of, x, y);
      push(of, y, x);
    }
    return decided;
  }
}

const keyOf = (x: number, y: number): string => (x < y ? `${x} ${y}` : `${y} ${x}`);

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
