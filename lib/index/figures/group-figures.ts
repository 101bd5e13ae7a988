import type { Group } from '#lib/api/resources.ts';
import type { Table } from '../columns/table.ts';
import type { Amounts, FigureName } from './fold.ts';
import { FIGURES, Folding } from './fold.ts';
import { COUNTED, ROLE } from './roles.ts';

/** Of each figure and group: the sum of cores, rows that say them, the sum of memory, rows that say it. */
const PLACES = 4;
const WIDTH = PLACES * FIGURES.length;
const AT: Record<FigureName, number> = { provisioned: 0, requested: 4, allocatable: 8, physical: 12 };

/**
 * The figures of a few groups: what {@link Folding} says that counts. A machine's capacity counts once in a group, however many rows
 * show it. All that is known of a group lies together, for every row goes to another group than the one before.
 */
export class GroupFigures {
  readonly folding: Folding;
  readonly #roles: Uint8Array;
  /** By group, and in it by kind and whether it runs. */
  readonly #counts: Uint32Array;
  readonly #folded: Uint32Array;
  readonly #sums: Float64Array;

  constructor(table: Table, size: number) {
    this.folding = new Folding(table);
    this.#roles = table.standing.roles.of;
    this.#counts = new Uint32Array(size * COUNTED);
    this.#folded = new Uint32Array(size);
    this.#sums = new Float64Array(size * WIDTH);
  }

  /**
   * Adds all selected rows but those of contested machines.
   * @param failing not 0 for rows that are not selected
   * @param codes the group of each row, by way of `numbers`
   * @param special told of each row that its machine's VM may stand for
   */
  addAll(
    failing: Uint8Array,
    { codes, numbers }: { codes: Uint16Array | Uint32Array; numbers: Uint16Array },
    special: (slot: number) => void,
  ): void {
    const roles = this.#roles;
    const counts = this.#counts;
    const { requested } = this.folding.amounts;
    for (let slot = 0; slot < failing.length; slot++) {
      if (failing[slot] !== 0) continue;
      const role = roles[slot] ?? 0;
      if ((role & ROLE.contested) !== 0) continue;
      const group = numbers[codes[slot] ?? 0] ?? 0;
      const at = group * COUNTED + (role & (ROLE.kind | ROLE.running));
      counts[at] = (counts[at] ?? 0) + 1;
      if ((role & ROLE.capacity) === 0) continue;
      const kind = role & ROLE.kind;
      if (kind === ROLE.container) this.#add(requested, group * WIDTH + AT.requested, slot);
      else if (kind === ROLE.vm) this.#addTo('provisioned', group, slot);
      else {
        this.#addTo('allocatable', group, slot);
        if ((role & ROLE.hardware) !== 0) this.#addTo('physical', group, slot);
        if ((role & ROLE.foldable) !== 0) special(slot);
      }
    }
  }

  /** Counts rows that other rows of their machines stand for. */
  countFolded(group: number, count = 1): void {
    this.#folded[group] = (this.#folded[group] ?? 0) + count;
  }

  /**
   * The rows of a group that are one machine, of which one counts in each figure.
   * @param members all rows of the machine, in order of standing
   * @param isIn which of them are in the group
   */
  addContested(group: number, members: readonly number[], isIn: (slot: number) => boolean): void {
    for (const slot of members) if (isIn(slot)) this.#count(group, this.#roles[slot] ?? 0);
    const folded = new Set<number>();
    this.folding.eachPart(members, isIn, (figure, slot, part) => {
      if (part === 'counts') this.#addTo(figure, group, slot);
      else folded.add(slot);
    });
    this.countFolded(group, folded.size);
  }

  #count(group: number, role: number): void {
    const at = group * COUNTED + (role & (ROLE.kind | ROLE.running));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  #addTo(figure: FigureName, group: number, slot: number): void {
    this.#add(this.folding.amounts[figure], group * WIDTH + AT[figure], slot);
  }

  #add(amounts: Amounts, at: number, slot: number): void {
    const sums = this.#sums;
    const cpu = amounts.cpu[slot] ?? Number.NaN;
    if (!Number.isNaN(cpu)) {
      sums[at] = (sums[at] ?? 0) + cpu;
      sums[at + 1] = (sums[at + 1] ?? 0) + 1;
    }
    const memory = amounts.memory[slot] ?? Number.NaN;
    if (Number.isNaN(memory)) return;
    sums[at + 2] = (sums[at + 2] ?? 0) + memory;
    sums[at + 3] = (sums[at + 3] ?? 0) + 1;
  }

  /** Adds all groups before one to it. */
  foldInto(last: number): void {
    addUp(this.#counts, last, COUNTED);
    addUp(this.#folded, last, 1);
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
    const sum = (fits: (role: number) => boolean) =>
      counts.reduce((total, rows, role) => (fits(role) ? total + rows : total), 0);
    const ofKind = (kind: number) => sum((role) => (role & ROLE.kind) === kind);
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
      vms: ofKind(ROLE.vm),
      containers: ofKind(ROLE.container),
      hosts: ofKind(ROLE.host),
      running: sum((role) => (role & ROLE.running) !== 0),
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
      folded: this.#folded[group] ?? 0,
    };
  }

  /** Null where no row has the figure: not known is not 0. */
  #read(figure: FigureName, group: number) {
    const at = group * WIDTH + AT[figure];
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
