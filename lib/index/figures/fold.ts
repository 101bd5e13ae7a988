import type { Codes } from '../columns/columns.ts';
import { GONE } from '../columns/columns.ts';
import type { Table } from '../columns/table.ts';
import { ALLOCATABLE } from '../columns/table.ts';
import type { Links } from '../topology/links.ts';

/** The capacities that rows say themselves; they are never mixed. */
export const FIGURES = ['physical', 'provisioned', 'allocatable', 'requested'] as const;
export type FigureName = (typeof FIGURES)[number];

export interface Amounts {
  cpu: Float64Array;
  memory: Float64Array;
}

/** `counts`: in the sum. `folded`: left out, because another row of the machine counts. */
export type Part = 'counts' | 'folded';

const COLUMNS: Record<FigureName, { cpu: string; memory: string }> = {
  physical: { cpu: 'physical.cpu', memory: 'physical.memory' },
  provisioned: { cpu: 'vcpus', memory: 'memory' },
  allocatable: ALLOCATABLE,
  requested: { cpu: 'requests.cpu', memory: 'requests.memory' },
};

/**
 * Which rows of a selection are in which figure. Physical: hypervisors that are no VMs themselves. Provisioned: VMs that are not
 * terminated. Allocatable: nodes and container hosts, but no node that is a container on one of them. Requested: running containers.
 * Of the rows of one machine one counts for each figure: the first in order of standing that says how much it has. A node counts in
 * no sum of VMs; it is told as folded where the VM that it is counts.
 */
export class Folding {
  readonly amounts: Record<FigureName, Amounts>;
  readonly #links: Links;
  readonly #kind: Codes['codes'];
  readonly #state: Codes['codes'];
  readonly #is: Record<'vm' | 'container' | 'host' | 'running' | 'terminated', number>;

  constructor(table: Table) {
    const kinds = table.codesOf('kind');
    const states = table.codesOf('state');
    const values = (key: string) => table.numbers(key)?.values ?? new Float64Array(0);
    const of = (name: FigureName) => ({ cpu: values(COLUMNS[name].cpu), memory: values(COLUMNS[name].memory) });
    this.amounts = {
      physical: of('physical'),
      provisioned: of('provisioned'),
      allocatable: of('allocatable'),
      requested: of('requested'),
    };
    this.#links = table.links;
    this.#kind = kinds.codes;
    this.#state = states.codes;
    this.#is = {
      vm: kinds.dictionary.find('vm'),
      container: kinds.dictionary.find('container'),
      host: kinds.dictionary.find('host'),
      running: states.dictionary.find('running'),
      terminated: states.dictionary.find('terminated'),
    };
  }

  isVm(slot: number): boolean {
    return this.#kind[slot] === this.#is.vm;
  }

  /** Cores and MiB; NaN where the row does not say. */
  amountOf(figure: FigureName, slot: number): { cpu: number; memory: number } {
    const { cpu, memory } = this.amounts[figure];
    return { cpu: cpu[slot] ?? Number.NaN, memory: memory[slot] ?? Number.NaN };
  }

  /** Whether the row says how much it has. */
  isKnown(figure: FigureName, slot: number): boolean {
    const { cpu, memory } = this.amountOf(figure, slot);
    return !(Number.isNaN(cpu) && Number.isNaN(memory));
  }

  /** Whether the row is of the kind that the figure is about. */
  isOf(figure: FigureName, slot: number): boolean {
    const kind = this.#kind[slot];
    const state = this.#state[slot];
    switch (figure) {
      case 'provisioned':
        return kind === this.#is.vm && state !== this.#is.terminated;
      case 'requested':
        return kind === this.#is.container && state === this.#is.running;
      case 'physical':
        return kind === this.#is.host && this.isKnown(figure, slot);
      case 'allocatable':
        // A hypervisor gives to VMs, not to containers.
        return kind === this.#is.host && (this.isKnown(figure, slot) || !this.isKnown('physical', slot));
    }
  }

  /**
   * Tells each row's part in each figure that it has one in.
   * @param members all rows of one machine, in order of standing
   * @param isIn which of them are in the selection
   */
  eachPart(
    members: readonly number[],
    isIn: (slot: number) => boolean,
    tell: (figure: FigureName, slot: number, part: Part) => void,
  ): void {
    const rows = members.filter(isIn);
    for (const figure of FIGURES) {
      if (figure === 'physical' && members.some((slot) => this.isVm(slot))) continue;
      const fitting = rows.filter((slot) => this.isOf(figure, slot));
      if (figure === 'allocatable' && this.#isLent(members, isIn)) {
        for (const slot of fitting) tell(figure, slot, 'folded');
        continue;
      }
      const counted = fitting.find((slot) => this.isKnown(figure, slot)) ?? fitting[0];
      if (counted === undefined) continue;
      for (const slot of rows) {
        if (slot === counted) tell(figure, slot, 'counts');
        else if (fitting.includes(slot) || (figure === 'provisioned' && this.isFoldedNode(slot))) {
          tell(figure, slot, 'folded');
        }
      }
    }
  }

  /** Whether a container is the machine, and its host counts: what a node of kind gives to pods is what the Docker host gives to it. */
  #isLent(members: readonly number[], isIn: (slot: number) => boolean): boolean {
    const { hosts, stack } = this.#links;
    return members.some((slot) => {
      const host = this.#kind[slot] === this.#is.container ? (hosts[slot] ?? GONE) : GONE;
      if (host === GONE || members.includes(host)) return false;
      const gives = (row: number) => this.isOf('allocatable', row) && this.isKnown('allocatable', row);
      return stack.members(host).some((row) => isIn(row) && gives(row));
    });
  }

  /** Whether a row that is one machine with a VM that counts would be in its figure otherwise. */
  isFoldedNode(slot: number): boolean {
    return this.#kind[slot] === this.#is.host && this.isKnown('provisioned', slot);
  }
}
