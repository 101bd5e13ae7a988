import type { Figures } from '#lib/query/stack-api.ts';
import type { Offer } from '#lib/stack/port.ts';
import type { Amounts, FigureName } from './fold.ts';
import { FIGURES, Folding } from './fold.ts';
import type { Table } from './table.ts';

/** Machines told at most. */
const MOST = 100;

/** What a figure would lose. */
export interface Loss {
  figure: FigureName;
  cpu: number;
  memory: number;
}

/** A machine with several rows in a selection, and which figures each row is in. */
export interface FoldedMachine {
  rows: { slot: number; counts: FigureName[] }[];
}

export interface CapacityPlan {
  figures: Figures;
  /** At most {@link MOST}, those that fold the most rows first. */
  folds: FoldedMachine[];
  /** Machines with several rows in the selection. */
  machines: number;
  /** Likely offers between selected rows that would change a figure. */
  offers: { offer: Offer; losses: Loss[] }[];
}

type Amount = { cpu: number; memory: number };

class Figure {
  counted = 0;
  folded = 0;
  unknown = 0;
  readonly #amounts: Amounts;
  #cpu: number | null = null;
  #memory: number | null = null;

  constructor(amounts: Amounts) {
    this.#amounts = amounts;
  }

  add(slot: number): void {
    const cpu = this.#amounts.cpu[slot] ?? Number.NaN;
    const memory = this.#amounts.memory[slot] ?? Number.NaN;
    const [hasCpu, hasMemory] = [!Number.isNaN(cpu), !Number.isNaN(memory)];
    if (hasCpu) this.#cpu = (this.#cpu ?? 0) + cpu;
    if (hasMemory) this.#memory = (this.#memory ?? 0) + memory;
    if (hasCpu || hasMemory) this.counted++;
    else this.unknown++;
  }

  read(): Omit<Figures['physical'], 'likely'> {
    const { counted, folded, unknown } = this;
    return { cpu: this.#cpu, memory: this.#memory, counted, folded, unknown };
  }
}

/** The capacities of a selection, each machine once, and what went into them. */
export function capacityOf(failing: Uint8Array, table: Table): CapacityPlan {
  const folding = new Folding(table);
  const { shared, heads, stack } = table.links;
  const { amounts } = folding;
  const figures = {
    physical: new Figure(amounts.physical),
    provisioned: new Figure(amounts.provisioned),
    allocatable: new Figure(amounts.allocatable),
    requested: new Figure(amounts.requested),
  };
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] !== 0 || shared[slot] === 1) continue;
    if (folding.isOf('requested', slot)) figures.requested.add(slot);
    else if (folding.isOf('provisioned', slot)) figures.provisioned.add(slot);
    else {
      if (folding.isOf('allocatable', slot)) figures.allocatable.add(slot);
      if (folding.isOf('physical', slot)) figures.physical.add(slot);
    }
  }
  const isIn = (slot: number) => failing[slot] === 0;
  let machines = 0;
  /** By how many rows are folded, the first of them. */
  const first: (readonly number[])[][] = [];
  for (const members of table.standing.machines) {
    let selected = 0;
    for (const slot of members) if (failing[slot] === 0) selected++;
    if (selected === 0) continue;
    let folded = 0;
    const plan = folding.plain(members, failing);
    if (plan === null) {
      folding.eachPart(members, isIn, (figure, slot, part) => {
        if (part === 'counts') figures[figure].add(slot);
        else {
          folded++;
          figures[figure].folded++;
        }
      });
    } else {
      for (const slot of members) {
        if (failing[slot] !== 0) continue;
        for (const figure of FIGURES) {
          if (folding.isOf(figure, slot) && !(figure === 'physical' && plan.isVm)) figures[figure].add(slot);
        }
        if (plan.vm !== null && folding.isFoldedNode(slot)) {
          folded++;
          figures.provisioned.folded++;
        }
      }
    }
    if (selected === 1) continue;
    machines++;
    const same = first[folded] ?? [];
    first[folded] = same;
    if (same.length < MOST) same.push(members);
  }
  const folds = first
    .toReversed()
    .flatMap((some) => some ?? [])
    .slice(0, MOST)
    .map((members) => partsOf(members, folding, isIn));
  const offers: CapacityPlan['offers'] = [];
  const joined = new Joined(heads);
  const likely = Object.fromEntries(FIGURES.map((figure) => [figure, { offers: 0, cpu: 0, memory: 0 }]));
  for (const offer of stack.offers()) {
    if (offer.confidence !== 'likely' || !isIn(offer.a) || !isIn(offer.b)) continue;
    const losses = lossesOf(offer, folding, table, isIn);
    if (losses.length === 0) continue;
    offers.push({ offer, losses });
    // Of three that are one in pairs, the third pair folds nothing more.
    if (!joined.join(offer.a, offer.b)) continue;
    for (const { figure, cpu, memory } of losses) {
      const sum = likely[figure];
      if (!sum) continue;
      sum.offers++;
      sum.cpu += cpu;
      sum.memory += memory;
    }
  }
  const read = (figure: FigureName) => ({
    ...figures[figure].read(),
    likely: likely[figure] ?? { offers: 0, cpu: 0, memory: 0 },
  });
  return {
    figures: {
      physical: read('physical'),
      provisioned: read('provisioned'),
      allocatable: read('allocatable'),
      requested: read('requested'),
      used: null,
    },
    folds,
    machines,
    offers,
  };
}

function partsOf(members: readonly number[], folding: Folding, isIn: (slot: number) => boolean): FoldedMachine {
  const rows = members.filter(isIn).map((slot) => ({ slot, counts: [] as FigureName[] }));
  folding.eachPart(members, isIn, (figure, slot, part) => {
    if (part === 'counts') rows.find((row) => row.slot === slot)?.counts.push(figure);
  });
  return { rows };
}

/** What each figure would lose if the two were one machine: the smaller of what both count for. */
export function lossesOf(
  { a, b }: Pick<Offer, 'a' | 'b'>,
  folding: Folding,
  { links: { stack } }: Table,
  isIn: (slot: number) => boolean,
): Loss[] {
  const losses: Loss[] = [];
  const [ofA, ofB] = [countedIn(stack.members(a), folding, isIn), countedIn(stack.members(b), folding, isIn)];
  for (const figure of FIGURES) {
    const [x, y] = [ofA.get(figure), ofB.get(figure)];
    if (x === undefined || y === undefined) continue;
    const loss = { figure, cpu: least(x.cpu, y.cpu), memory: least(x.memory, y.memory) };
    if (loss.cpu > 0 || loss.memory > 0) losses.push(loss);
  }
  return losses;
}

const least = (a: number, b: number): number => (Number.isNaN(a) || Number.isNaN(b) ? 0 : Math.min(a, b));

function countedIn(
  members: readonly number[],
  folding: Folding,
  isIn: (slot: number) => boolean,
): Map<FigureName, Amount> {
  const counted = new Map<FigureName, Amount>();
  folding.eachPart(members, isIn, (figure, slot, part) => {
    if (part === 'counts') counted.set(figure, folding.amountOf(figure, slot));
  });
  return counted;
}

/** Which machines would be one. */
class Joined {
  readonly #heads: Uint32Array;
  readonly #parents = new Map<number, number>();

  constructor(heads: Uint32Array) {
    this.#heads = heads;
  }

  #root(slot: number): number {
    let at = this.#heads[slot] ?? slot;
    for (let next = this.#parents.get(at); next !== undefined; next = this.#parents.get(at)) at = next;
    return at;
  }

  /** False if they were one already. */
  join(a: number, b: number): boolean {
    const [x, y] = [this.#root(a), this.#root(b)];
    if (x !== y) this.#parents.set(y, x);
    return x !== y;
  }
}
