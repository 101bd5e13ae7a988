import type { Group } from '#lib/query/api.ts';
import type { Table } from './table.ts';
import { ALLOCATABLE } from './table.ts';

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

  /** Adds one group to another. */
  fold(from: number, into: number): void {
    this.#sums[into] = (this.#sums[into] ?? 0) + (this.#sums[from] ?? 0);
    this.#known[into] = (this.#known[into] ?? 0) + (this.#known[from] ?? 0);
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

/**
 * The figures of all groups. What is provisioned is added up over VMs that are not terminated, what is requested over running
 * containers, what is allocatable over hosts: a machine's capacity counts once, however many rows show it.
 */
export class GroupFigures {
  readonly size: number;
  readonly #codes: { kind: Uint16Array | Uint32Array; state: Uint16Array | Uint32Array };
  readonly #is: Record<'vm' | 'container' | 'host' | 'running' | 'terminated', number>;
  readonly #counts: Record<'count' | 'vms' | 'containers' | 'hosts' | 'running', Uint32Array>;
  readonly #sums: Record<
    'vcpus' | 'memory' | 'requestedCpu' | 'requestedMemory' | 'allocatableCpu' | 'allocatableMemory',
    Sums
  >;

  constructor(table: Table, size: number) {
    const kinds = table.codesOf('kind');
    const states = table.codesOf('state');
    const counts = () => new Uint32Array(size);
    const sums = (key: string) => new Sums(table.numbers(key)?.values ?? new Float64Array(0), size);
    this.size = size;
    this.#codes = { kind: kinds.codes, state: states.codes };
    this.#is = {
      vm: kinds.dictionary.find('vm'),
      container: kinds.dictionary.find('container'),
      host: kinds.dictionary.find('host'),
      running: states.dictionary.find('running'),
      terminated: states.dictionary.find('terminated'),
    };
    this.#counts = { count: counts(), vms: counts(), containers: counts(), hosts: counts(), running: counts() };
    this.#sums = {
      vcpus: sums('vcpus'),
      memory: sums('memory'),
      requestedCpu: sums('requests.cpu'),
      requestedMemory: sums('requests.memory'),
      allocatableCpu: sums(ALLOCATABLE.cpu),
      allocatableMemory: sums(ALLOCATABLE.memory),
    };
  }

  add(group: number, slot: number): void {
    const kind = this.#codes.kind[slot];
    const state = this.#codes.state[slot];
    const { count, vms, containers, hosts, running } = this.#counts;
    const sums = this.#sums;
    increment(count, group);
    if (state === this.#is.running) increment(running, group);
    if (kind === this.#is.vm) {
      increment(vms, group);
      if (state === this.#is.terminated) return;
      sums.vcpus.add(group, slot);
      sums.memory.add(group, slot);
    } else if (kind === this.#is.container) {
      increment(containers, group);
      if (state !== this.#is.running) return;
      sums.requestedCpu.add(group, slot);
      sums.requestedMemory.add(group, slot);
    } else if (kind === this.#is.host) {
      increment(hosts, group);
      sums.allocatableCpu.add(group, slot);
      sums.allocatableMemory.add(group, slot);
    }
  }

  /** Adds one group to another. */
  fold(from: number, into: number): void {
    for (const counts of Object.values(this.#counts)) counts[into] = (counts[into] ?? 0) + (counts[from] ?? 0);
    for (const sums of Object.values(this.#sums)) sums.fold(from, into);
  }

  count(group: number): number {
    return this.#counts.count[group] ?? 0;
  }

  /** Null for a group without rows. */
  read(group: number, value: string): Group | null {
    const at = (counts: Uint32Array) => counts[group] ?? 0;
    const { count, vms, containers, hosts, running } = this.#counts;
    const { vcpus, memory, requestedCpu, requestedMemory, allocatableCpu, allocatableMemory } = this.#sums;
    if (at(count) === 0) return null;
    return {
      value,
      count: at(count),
      vms: at(vms),
      containers: at(containers),
      hosts: at(hosts),
      running: at(running),
      vcpus: vcpus.sum(group),
      memory: memory.sum(group),
      averageVcpus: vcpus.average(group),
      averageMemory: memory.average(group),
      requestedCpu: requestedCpu.sum(group),
      requestedMemory: requestedMemory.sum(group),
      allocatableCpu: allocatableCpu.sum(group),
      allocatableMemory: allocatableMemory.sum(group),
    };
  }
}

function increment(counts: Uint32Array, group: number): void {
  counts[group] = (counts[group] ?? 0) + 1;
}
