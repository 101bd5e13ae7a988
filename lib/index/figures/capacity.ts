import type { Figures } from '#lib/api/stack.ts';
import type { Table } from '../columns/table.ts';
import { largest } from '../order/largest.ts';
import type { CandidateLosses } from '../topology/candidates.ts';
import { candidatesIn } from '../topology/candidates.ts';
import { Deduplication } from './deduplication.ts';
import type { FigureName } from './figures.ts';
import { ALLOCATABLE, type Amounts, bitOf, COVERING, PHYSICAL, PROVISIONED, REQUESTED, ROW } from './row-figures.ts';

/** Machines told at most. */
const MOST = 100;

/** A machine with several rows in a selection, and which figures each row is in. */
export interface DeduplicatedMachine {
  /** The slot that stands for it. */
  head: number;
  rows: { slot: number; counts: FigureName[] }[];
}

export interface CapacityPlan {
  figures: Figures;
  /** At most {@link MOST}, those with the most duplicates first. */
  deduplicated: DeduplicatedMachine[];
  /** Machines with several rows in the selection. */
  machines: number;
  /** Likely match candidates between selected rows that would change a figure. */
  candidates: CandidateLosses['candidates'];
}

class Figure {
  counted = 0;
  duplicates = 0;
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
    const { counted, duplicates, unknown } = this;
    return { cpu: this.#cpu, memory: this.#memory, counted, duplicates, unknown };
  }
}

/** The capacities of a selection, each machine once, and what went into them. */
export function capacityOf(excluded: Uint8Array, table: Table): CapacityPlan {
  const deduplication = new Deduplication(table);
  const { isClustered, heads, stack } = table.links;
  const figures = newFigures(deduplication);
  const { physical, provisioned, allocatable, requested } = figures;
  const { of: rows, ambiguous } = table.derived.rowFigures;
  /** By the slot that stands for a machine: its selected rows, and how many of them are duplicates. */
  const selected = new Uint8Array(table.size);
  const duplicates = new Uint8Array(table.size);
  for (let slot = 0; slot < excluded.length; slot++) {
    if (excluded[slot] !== 0) continue;
    const head = heads[slot] ?? slot;
    if (isClustered[slot] === 1) increment(selected, head);
    const row = rows[slot] ?? 0;
    if ((row & ROW.ambiguous) !== 0) continue;
    // One by one: a loop over the figures of each row would take half as long again.
    if ((row & REQUESTED) !== 0) requested.add(slot);
    if ((row & PROVISIONED) !== 0) provisioned.add(slot);
    if ((row & ALLOCATABLE) !== 0) allocatable.add(slot);
    if ((row & PHYSICAL) !== 0) physical.add(slot);
    if ((row & ROW.covered) === 0 || excluded[head] !== 0) continue;
    for (const figure of COVERING) {
      if (((rows[head] ?? 0) & bitOf(figure)) === 0) continue;
      increment(duplicates, head);
      figures[figure].duplicates++;
    }
  }
  const isIn = (slot: number) => excluded[slot] === 0;
  for (const members of ambiguous) {
    deduplication.eachPart(members, isIn, (figure, slot, part) => {
      if (part === 'counts') figures[figure].add(slot);
      else {
        increment(duplicates, members[0] ?? slot);
        figures[figure].duplicates++;
      }
    });
  }
  const machines: number[] = [];
  for (const slot of table.links.clusteredSlots()) if ((selected[slot] ?? 0) > 1) machines.push(slot);
  const places = table.byName.places();
  const deduplicated = largest(machines, {
    count: (head) => duplicates[head] ?? 0,
    compare: (a, b) => (places[a] ?? 0) - (places[b] ?? 0),
    place: (head) => places[head] ?? 0,
    most: MOST,
  }).map((head) => ({ head, rows: partsOf(stack.members(head), deduplication, isIn) }));
  const { candidates, likely } = candidatesIn(isIn, deduplication, table);
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
    deduplicated,
    machines: machines.length,
    candidates,
  };
}

const NO_LOSS = { duplicates: 0, cpu: 0, memory: 0 };

/** The capacities of one machine. */
export function capacityOfMachine(members: readonly number[], table: Table): Figures {
  const deduplication = new Deduplication(table);
  const figures = newFigures(deduplication);
  deduplication.eachPart(
    members,
    () => true,
    (figure, slot, part) => {
      if (part === 'counts') figures[figure].add(slot);
      else figures[figure].duplicates++;
    },
  );
  const read = (figure: FigureName) => ({ ...figures[figure].read(), likely: NO_LOSS });
  return {
    physical: read('physical'),
    provisioned: read('provisioned'),
    allocatable: read('allocatable'),
    requested: read('requested'),
    used: null,
  };
}

function newFigures({ rows: { amounts } }: Deduplication): Record<FigureName, Figure> {
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

function partsOf(
  members: readonly number[],
  deduplication: Deduplication,
  isIn: (slot: number) => boolean,
): DeduplicatedMachine['rows'] {
  const rows = members.filter(isIn).map((slot) => ({ slot, counts: [] as FigureName[] }));
  deduplication.eachPart(members, isIn, (figure, slot, part) => {
    if (part === 'counts') rows.find((row) => row.slot === slot)?.counts.push(figure);
  });
  return rows;
}
