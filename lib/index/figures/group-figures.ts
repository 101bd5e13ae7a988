import type { Group } from '#lib/api/resources.ts';
import type { Table } from '../columns/table.ts';
import { Deduplication } from './deduplication.ts';
import { FIGURE_NAMES, type FigureName } from './figures.ts';
import { ALLOCATABLE, type Amounts, COUNTED, PHYSICAL, PROVISIONED, REQUESTED, ROW } from './row-figures.ts';

/** Of each figure and group: the sum of cores, rows that say them, the sum of memory, rows that say it. */
const PLACES = 4;
const WIDTH = PLACES * FIGURE_NAMES.length;
const placeOf = (figure: FigureName): number => PLACES * FIGURE_NAMES.indexOf(figure);
const [AT_PHYSICAL, AT_PROVISIONED, AT_ALLOCATABLE, AT_REQUESTED] = [
  placeOf('physical'),
  placeOf('provisioned'),
  placeOf('allocatable'),
  placeOf('requested'),
];

/**
 * The figures of a few groups: what {@link Deduplication} says that counts. A machine's capacity counts once in a group, however many rows
 * show it. All that is known of a group lies together, for every row goes to another group than the one before.
 */
export class GroupFigures {
  readonly #deduplication: Deduplication;
  readonly #rows: Uint16Array;
  /** By group, and in it by kind and whether it runs. */
  readonly #counts: Uint32Array;
  readonly #duplicates: Uint32Array;
  readonly #sums: Float64Array;

  constructor(table: Table, size: number) {
    this.#deduplication = new Deduplication(table);
    this.#rows = table.derived.rowFigures.of;
    this.#counts = new Uint32Array(size * COUNTED);
    this.#duplicates = new Uint32Array(size);
    this.#sums = new Float64Array(size * WIDTH);
  }

  /**
   * Adds all selected rows but those of ambiguous machines.
   * @param excluded not 0 for rows that are not selected
   * @param codes the group of each row, by way of `numbers`
   * @param covered told of each row that another one of its machine may cover
   */
  addAll(
    excluded: Uint8Array,
    { codes, numbers }: { codes: Uint16Array | Uint32Array; numbers: Uint16Array },
    covered: (slot: number) => void,
  ): void {
    const rows = this.#rows;
    const counts = this.#counts;
    const { physical, provisioned, allocatable, requested } = this.#deduplication.rows.amounts;
    for (let slot = 0; slot < excluded.length; slot++) {
      if (excluded[slot] !== 0) continue;
      const row = rows[slot] ?? 0;
      if ((row & ROW.ambiguous) !== 0) continue;
      const group = numbers[codes[slot] ?? 0] ?? 0;
      const at = group * COUNTED + (row & (ROW.kind | ROW.running));
      counts[at] = (counts[at] ?? 0) + 1;
      // One by one: a loop over the figures of each row would take half as long again.
      if ((row & REQUESTED) !== 0) this.#add(requested, group * WIDTH + AT_REQUESTED, slot);
      if ((row & PROVISIONED) !== 0) this.#add(provisioned, group * WIDTH + AT_PROVISIONED, slot);
      if ((row & ALLOCATABLE) !== 0) this.#add(allocatable, group * WIDTH + AT_ALLOCATABLE, slot);
      if ((row & PHYSICAL) !== 0) this.#add(physical, group * WIDTH + AT_PHYSICAL, slot);
      if ((row & ROW.covered) !== 0) covered(slot);
    }
  }

  /** Counts rows that are left out, because other rows count for them. */
  countDuplicates(group: number, count = 1): void {
    this.#duplicates[group] = (this.#duplicates[group] ?? 0) + count;
  }

  /**
   * The rows of a group that are one machine, of which one counts in each figure.
   * @param members all rows of the machine, in order of precedence
   * @param isIn which of them are in the group
   */
  addAmbiguous(group: number, members: readonly number[], isIn: (slot: number) => boolean): void {
    for (const slot of members) if (isIn(slot)) this.#count(group, this.#rows[slot] ?? 0);
    const duplicates = new Set<number>();
    const { amounts } = this.#deduplication.rows;
    this.#deduplication.eachPart(members, isIn, (figure, slot, part) => {
      if (part === 'counts') this.#add(amounts[figure], group * WIDTH + placeOf(figure), slot);
      else duplicates.add(slot);
    });
    this.countDuplicates(group, duplicates.size);
  }

  #count(group: number, row: number): void {
    const at = group * COUNTED + (row & (ROW.kind | ROW.running));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** @param at where the sums of a figure and group are */
  #add({ cpu, memory }: Amounts, at: number, slot: number): void {
    const sums = this.#sums;
    const cores = cpu[slot] ?? Number.NaN;
    if (!Number.isNaN(cores)) {
      sums[at] = (sums[at] ?? 0) + cores;
      sums[at + 1] = (sums[at + 1] ?? 0) + 1;
    }
    const mebibytes = memory[slot] ?? Number.NaN;
    if (Number.isNaN(mebibytes)) return;
    sums[at + 2] = (sums[at + 2] ?? 0) + mebibytes;
    sums[at + 3] = (sums[at + 3] ?? 0) + 1;
  }

  /** Adds all groups before one to it. */
  sumInto(last: number): void {
    addUp(this.#counts, last, COUNTED);
    addUp(this.#duplicates, last, 1);
    addUp(this.#sums, last, WIDTH);
  }

  /** All rows of a group. */
  count(group: number): number {
    let sum = 0;
    for (let at = group * COUNTED; at < (group + 1) * COUNTED; at++) sum += this.#counts[at] ?? 0;
    return sum;
  }

  /** Null for a group without rows. */
  read(group: number, value: string): Group | null {
    const counts = this.#counts.subarray(group * COUNTED, (group + 1) * COUNTED);
    const sum = (fits: (row: number) => boolean) =>
      counts.reduce((total, rows, row) => (fits(row) ? total + rows : total), 0);
    const ofKind = (kind: number) => sum((row) => (row & ROW.kind) === kind);
    const total = this.count(group);
    if (total === 0) return null;
    const provisioned = this.#read('provisioned', group);
    const requested = this.#read('requested', group);
    const allocatable = this.#read('allocatable', group);
    const physical = this.#read('physical', group);
    return {
      value,
      label: null,
      count: total,
      vms: ofKind(ROW.vm),
      containers: ofKind(ROW.container),
      hosts: ofKind(ROW.host),
      running: sum((row) => (row & ROW.running) !== 0),
      vcpus: provisioned.cpu,
      memory: provisioned.memory,
      averageVcpus: provisioned.averageCpu,
      averageMemory: provisioned.averageMemory,
      requestedCpu: requested.cpu,
      requestedMemory: requested.memory,
      allocatableCpu: allocatable.cpu,
      allocatableMemory: allocatable.memory,
      physicalCpu: physical.cpu,
      physicalMemory: physical.memory,
      duplicates: this.#duplicates[group] ?? 0,
    };
  }

  /** Null where no row has the figure: not known is not 0. */
  #read(figure: FigureName, group: number) {
    const at = group * WIDTH + placeOf(figure);
    const [cpu = 0, cpus = 0, memory = 0, memories = 0] = this.#sums.subarray(at, at + PLACES);
    return {
      cpu: cpus === 0 ? null : cpu,
      memory: memories === 0 ? null : memory,
      averageCpu: cpus === 0 ? null : cpu / cpus,
      averageMemory: memories === 0 ? null : memory / memories,
    };
  }
}

/** Adds all groups before one to it, each of so many numbers. */
function addUp(values: Uint32Array | Float64Array, last: number, width: number): void {
  const to = last * width;
  for (let at = 0; at < to; at++) {
    const sum = to + (at % width);
    values[sum] = (values[sum] ?? 0) + (values[at] ?? 0);
  }
}
