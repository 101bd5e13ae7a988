import type { Figures } from '#lib/api/stack.ts';
import type { Table } from '../columns/table.ts';
import { largest } from '../order/largest.ts';
import type { Offered } from '../topology/offered.ts';
import { offeredIn } from '../topology/offered.ts';
import type { Amounts, FigureName } from './fold.ts';
import { Folding } from './fold.ts';
import { ROLE } from './roles.ts';

/** Machines told at most. */
const MOST = 100;

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
  offers: Offered['offers'];
}

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
  const { of: roles, contested } = table.standing.roles;
  /** By the slot that stands for a machine: its selected rows, and how many of them are folded. */
  const selected = new Uint8Array(table.size);
  const folded = new Uint8Array(table.size);
  for (let slot = 0; slot < failing.length; slot++) {
    if (failing[slot] !== 0) continue;
    const head = heads[slot] ?? slot;
    if (shared[slot] === 1) increment(selected, head);
    const role = roles[slot] ?? 0;
    if ((role & ROLE.contested) !== 0) continue;
    const kind = role & ROLE.kind;
    if (kind !== ROLE.host) {
      if ((role & ROLE.capacity) === 0) continue;
      if (kind === ROLE.container) figures.requested.add(slot);
      else figures.provisioned.add(slot);
      continue;
    }
    if (folding.isOf('allocatable', slot)) figures.allocatable.add(slot);
    if ((role & ROLE.hardware) !== 0 && folding.isOf('physical', slot)) figures.physical.add(slot);
    if ((role & ROLE.foldable) === 0 || failing[head] !== 0 || !folding.isOf('provisioned', head)) continue;
    increment(folded, head);
    figures.provisioned.folded++;
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
  const { offers, likely } = offeredIn(isIn, folding, table);
  const read = (figure: FigureName) => ({
    ...figures[figure].read(),
    likely: likely[figure],
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
