import type { Figures } from '#lib/query/stack-api.ts';
import type { Offer } from '#lib/stack/port.ts';
import type { Amounts, FigureName } from './fold.ts';
import { FIGURES, Folding } from './fold.ts';
import { largest } from './largest.ts';
import { MIX } from './standing.ts';
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
  const figures = newFigures(folding);
  const { parts, contested } = table.standing.mixture;
  /** By the slot that stands for a machine: its selected rows, and how many of them are folded. */
  const selected = new Uint8Array(table.size);
  const folded = new Uint8Array(table.size);
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] !== 0) continue;
    const head = heads[slot] ?? slot;
    if (shared[slot] === 1) increment(selected, head);
    const part = parts[slot];
    if (part === MIX.contested) continue;
    if (folding.isOf('requested', slot)) figures.requested.add(slot);
    else if (folding.isOf('provisioned', slot)) figures.provisioned.add(slot);
    else {
      if (folding.isOf('allocatable', slot)) figures.allocatable.add(slot);
      if (part !== MIX.ofVm && folding.isOf('physical', slot)) figures.physical.add(slot);
      if (part !== MIX.ofVm || !folding.isFoldedNode(slot)) continue;
      if (failing[head] !== 0 || !folding.isOf('provisioned', head)) continue;
      increment(folded, head);
      figures.provisioned.folded++;
    }
  }
  const isIn = (slot: number) => failing[slot] === 0;
  for (const members of contested) {
    folding.eachPart(members, isIn, (figure, slot, part) => {
      if (part === 'counts') figures[figure].add(slot);
      else {
        increment(folded, members[0] ?? slot);
        figures[figure].folded++;
      }
    });
  }
  const machines: number[] = [];
  for (const slot of table.links.sharing()) if ((selected[slot] ?? 0) > 1) machines.push(slot);
  const places = table.byName.places();
  const folds = largest(machines, {
    count: (head) => folded[head] ?? 0,
    compare: (a, b) => (places[a] ?? 0) - (places[b] ?? 0),
    place: (head) => places[head] ?? 0,
    most: MOST,
  }).map((head) => partsOf(stack.members(head), folding, isIn));
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
    machines: machines.length,
    offers,
  };
}

const NO_OFFERS = { offers: 0, cpu: 0, memory: 0 };

/** The capacities of one machine. */
export function capacityOfMachine(members: readonly number[], table: Table): Figures {
  const folding = new Folding(table);
  const figures = newFigures(folding);
  folding.eachPart(
    members,
    () => true,
    (figure, slot, part) => {
      if (part === 'counts') figures[figure].add(slot);
      else figures[figure].folded++;
    },
  );
  const read = (figure: FigureName) => ({ ...figures[figure].read(), likely: NO_OFFERS });
  return {
    physical: read('physical'),
    provisioned: read('provisioned'),
    allocatable: read('allocatable'),
    requested: read('requested'),
    used: null,
  };
}

function newFigures({ amounts }: Folding): Record<FigureName, Figure> {
  return {
    physical: new Figure(amounts.physical),
    provisioned: new Figure(amounts.provisioned),
    allocatable: new Figure(amounts.allocatable),
    requested: new Figure(amounts.requested),
  };
}

/** Up to what a byte holds: a machine of more rows is one of many all the same. */
function increment(counts: Uint8Array, at: number): void {
  counts[at] = Math.min(255, (counts[at] ?? 0) + 1);
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
