import type { Group } from '#lib/query/api.ts';
import type { Codes } from './columns.ts';
import type { Amounts, FigureName } from './fold.ts';
import { FIGURES, Folding } from './fold.ts';
import type { Table } from './table.ts';

/** One figure, counted or added up per group over the rows that have it. */
class Sums {
  readonly #values: Float64Array;
  readonly #sums: Float64Array;
  readonly #known: Uint32Array;

  constructor(values: Float64Array, size: number) {
    this.#values = values;
    this.#sums = new Float64Array(size);
    this.#known = new Uint32Array(size);
  }

  add(group: number, slot: number): void {
    const value = this.#values[slot] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    this.#sums[group] = (this.#sums[group] ?? 0) + value;
    this.#known[group] = (this.#known[group] ?? 0) + 1;
  }

  /** Adds all groups before one to it. */
  foldInto(last: number): void {
    addUp(this.#sums, last);
    addUp(this.#known, last);
  }

  /** Null where no row has the figure: not known is not 0. */
  sum(group: number): number | null {
    return this.#known[group] ? (this.#sums[group] ?? 0) : null;
  }

  average(group: number): number | null {
    const known = this.#known[group] ?? 0;
    return known === 0 ? null : (this.#sums[group] ?? 0) / known;
  }
}

interface FigureSums {
  cpu: Sums;
  memory: Sums;
}

/**
 * The figures of all groups: what {@link Folding} says that counts. A machine's capacity counts once in a group, however many rows
 * show it.
 */
export class GroupFigures {
  readonly size: number;
  readonly folding: Folding;
  readonly #codes: { kind: Codes['codes']; state: Codes['codes'] };
  readonly #is: Record<'vm' | 'container' | 'host' | 'running' | 'terminated', number>;
  readonly #counts: Record<'count' | 'vms' | 'containers' | 'hosts' | 'running' | 'folded', Uint32Array>;
  readonly #sums: Record<FigureName, FigureSums>;

  constructor(table: Table, size: number) {
    const kinds = table.codesOf('kind');
    const states = table.codesOf('state');
    const counts = () => new Uint32Array(size);
    const folding = new Folding(table);
    const sums = (of: Amounts) => ({ cpu: new Sums(of.cpu, size), memory: new Sums(of.memory, size) });
    const { physical, provisioned, allocatable, requested } = folding.amounts;
    this.size = size;
    this.folding = folding;
    this.#codes = { kind: kinds.codes, state: states.codes };
    this.#is = {
      vm: kinds.dictionary.find('vm'),
      container: kinds.dictionary.find('container'),
      host: kinds.dictionary.find('host'),
      running: states.dictionary.find('running'),
      terminated: states.dictionary.find('terminated'),
    };
    this.#counts = {
      count: counts(),
      vms: counts(),
      containers: counts(),
      hosts: counts(),
      running: counts(),
      folded: counts(),
    };
    this.#sums = {
      physical: sums(physical),
      provisioned: sums(provisioned),
      allocatable: sums(allocatable),
      requested: sums(requested),
    };
  }

  /** A row whose capacity no other row of the group shows. @param isVm whether its machine is a VM: it has no hardware of its own */
  add(group: number, slot: number, isVm: boolean): void {
    this.#countRow(group, slot);
    const kind = this.#codes.kind[slot];
    const state = this.#codes.state[slot];
    if (kind === this.#is.vm) {
      if (state !== this.#is.terminated) this.#addTo('provisioned', group, slot);
    } else if (kind === this.#is.container) {
      if (state === this.#is.running) this.#addTo('requested', group, slot);
    } else if (kind === this.#is.host) {
      this.#addTo('allocatable', group, slot);
      if (!isVm) this.#addTo('physical', group, slot);
    }
  }

  /** Counts a row that another row of its machine stands for. */
  countFolded(group: number): void {
    increment(this.#counts.folded, group);
  }

  /**
   * The rows of a group that are one machine, of which one counts in each figure.
   * @param members all rows of the machine, in order of standing
   * @param isIn which of them are in the group
   */
  addContested(group: number, members: readonly number[], isIn: (slot: number) => boolean): void {
    for (const slot of members) if (isIn(slot)) this.#countRow(group, slot);
    const folded = new Set<number>();
    this.folding.eachPart(members, isIn, (figure, slot, part) => {
      if (part === 'counts') this.#addTo(figure, group, slot);
      else folded.add(slot);
    });
    this.#counts.folded[group] = (this.#counts.folded[group] ?? 0) + folded.size;
  }

  #countRow(group: number, slot: number): void {
    const kind = this.#codes.kind[slot];
    const { count, vms, containers, hosts, running } = this.#counts;
    increment(count, group);
    if (this.#codes.state[slot] === this.#is.running) increment(running, group);
    if (kind === this.#is.vm) increment(vms, group);
    else if (kind === this.#is.container) increment(containers, group);
    else if (kind === this.#is.host) increment(hosts, group);
  }

  #addTo(figure: FigureName, group: number, slot: number): void {
    const { cpu, memory } = this.#sums[figure];
    cpu.add(group, slot);
    memory.add(group, slot);
  }

  /** Adds all groups before one to it. */
  foldInto(last: number): void {
    for (const counts of Object.values(this.#counts)) addUp(counts, last);
    for (const figure of FIGURES) {
      this.#sums[figure].cpu.foldInto(last);
      this.#sums[figure].memory.foldInto(last);
    }
  }

  count(group: number): number {
    return this.#counts.count[group] ?? 0;
  }

  /** Null for a group without rows. */
  read(group: number, value: string): Group | null {
    const at = (counts: Uint32Array) => counts[group] ?? 0;
    const { count, vms, containers, hosts, running, folded } = this.#counts;
    const { physical, provisioned, allocatable, requested } = this.#sums;
    if (at(count) === 0) return null;
    return {
      value,
      label: null,
      count: at(count),
      vms: at(vms),
      containers: at(containers),
      hosts: at(hosts),
      running: at(running),
      vcpus: provisioned.cpu.sum(group),
      memory: provisioned.memory.sum(group),
      averageVcpus: provisioned.cpu.average(group),
      averageMemory: provisioned.memory.average(group),
      requestedCpu: requested.cpu.sum(group),
      requestedMemory: requested.memory.sum(group),
      allocatableCpu: allocatable.cpu.sum(group),
      allocatableMemory: allocatable.memory.sum(group),
      physicalCpu: physical.cpu.sum(group),
      physicalMemory: physical.memory.sum(group),
      folded: at(folded),
    };
  }
}

function addUp(values: Uint32Array | Float64Array, last: number): void {
  let sum = 0;
  for (let group = 0; group < last; group++) sum += values[group] ?? 0;
  values[last] = (values[last] ?? 0) + sum;
}

function increment(counts: Uint32Array, group: number): void {
  counts[group] = (counts[group] ?? 0) + 1;
}
