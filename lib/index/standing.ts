import type { Codes } from './columns.ts';
import { GONE } from './columns.ts';
import { UNSET } from './dictionary.ts';
import type { Table } from './table.ts';

const [VM, HOST, CONTAINER] = [1, 2, 4];

/**
 * `plain`: no other row of the machine is in a figure that this row is in. `ofVm`: the same, and the machine is a VM, which the
 * slot that stands for the machine is. `contested`: of several rows one counts.
 */
export const MIX = { plain: 0, ofVm: 1, contested: 2 } as const;

export interface Mixture {
  /** One of {@link MIX} for each slot. */
  parts: Uint8Array;
  /** The rows of each contested machine, in order of standing. */
  contested: readonly (readonly number[])[];
}

/** What the links of one moment say of each row; good until they change. Each part is made when it is first asked for. */
export class Standing {
  readonly #table: Table;
  #counts: Uint32Array | null = null;
  #withoutGuests: Uint8Array | null = null;
  #mixture: Mixture | null = null;
  #nodes: Codes | null = null;
  #computers: Uint32Array | null = null;
  #members: { values: Float64Array } | null = null;
  #guests: { values: Float64Array } | null = null;

  constructor(table: Table) {
    this.#table = table;
  }

  /** By the slot that stands for a machine: how many rows run on it directly. */
  get guestCounts(): Uint32Array {
    if (this.#counts !== null) return this.#counts;
    const { size, dead, links } = this.#table;
    const { heads, hosts } = links;
    const counts = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) {
      const host = hosts[slot] ?? GONE;
      if (host === GONE || dead[slot] !== 0) continue;
      const head = heads[host] ?? host;
      counts[head] = (counts[head] ?? 0) + 1;
    }
    this.#counts = counts;
    return counts;
  }

  /** 255 for rows whose machine runs nothing, and for dead ones. */
  get withoutGuests(): Uint8Array {
    if (this.#withoutGuests !== null) return this.#withoutGuests;
    const { size, dead, links } = this.#table;
    const { heads } = links;
    const counts = this.guestCounts;
    const skip = new Uint8Array(size);
    for (let slot = 0; slot < size; slot++) {
      if (dead[slot] !== 0 || counts[heads[slot] ?? slot] === 0) skip[slot] = 255;
    }
    this.#withoutGuests = skip;
    return skip;
  }

  /** The name of the host that a row is, or is one machine with, or runs on directly. */
  get nodes(): Codes {
    if (this.#nodes !== null) return this.#nodes;
    const { size, dead, links, hostNames } = this.#table;
    const { heads, hosts } = links;
    const own = hostNames.codes;
    const ofMachine = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) if (dead[slot] === 0) ofMachine[slot] = own[slot] ?? UNSET;
    for (const slot of links.sharing()) if (heads[slot] === slot) ofMachine[slot] = this.#firstName(slot);
    const codes = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) {
      const mine = own[slot] || ofMachine[heads[slot] ?? slot];
      if (mine) codes[slot] = mine;
      else {
        const host = hosts[slot] ?? GONE;
        if (host !== GONE) codes[slot] = own[host] || (ofMachine[heads[host] ?? host] ?? UNSET);
      }
    }
    this.#nodes = { dictionary: hostNames.dictionary, codes };
    return this.#nodes;
  }

  /** As {@link nodes}, of one row, without making all. */
  nodeOf(slot: number): number {
    const host = this.#table.links.hosts[slot] ?? GONE;
    return this.#nameOf(slot) || (host === GONE ? UNSET : this.#nameOf(host));
  }

  #nameOf(slot: number): number {
    const { codes } = this.#table.hostNames;
    return codes[slot] || (this.#table.links.shared[slot] === 1 ? this.#firstName(slot) : UNSET);
  }

  /** How the rows of machines that have several go into figures. */
  get mixture(): Mixture {
    if (this.#mixture !== null) return this.#mixture;
    const { size, links } = this.#table;
    const { heads, stack } = links;
    const { codes, dictionary } = this.#table.codesOf('kind');
    const [vm, host] = [dictionary.find('vm'), dictionary.find('host')];
    const bitOf = (slot: number) => (codes[slot] === vm ? VM : codes[slot] === host ? HOST : CONTAINER);
    const kinds = new Uint8Array(size);
    const contested = new Set<number>();
    for (const slot of links.sharing()) {
      const head = heads[slot] ?? slot;
      const bit = bitOf(slot);
      if (((kinds[head] ?? 0) & bit) !== 0) contested.add(head);
      kinds[head] = (kinds[head] ?? 0) | bit;
      // A container that is a node gives what its own host has.
      if (((kinds[head] ?? 0) & (CONTAINER | HOST)) === (CONTAINER | HOST)) contested.add(head);
    }
    const parts = new Uint8Array(size);
    for (const slot of links.sharing()) {
      const head = heads[slot] ?? slot;
      if (contested.has(head)) parts[slot] = MIX.contested;
      else if (((kinds[head] ?? 0) & VM) !== 0) parts[slot] = MIX.ofVm;
    }
    this.#mixture = { parts, contested: Array.from(contested, (head) => stack.members(head)) };
    return this.#mixture;
  }

  #firstName(head: number): number {
    const { codes } = this.#table.hostNames;
    for (const slot of this.#table.links.stack.members(head)) if (codes[slot]) return codes[slot];
    return UNSET;
  }

  /**
   * The machine of a row, as the slot that stands for it; for a container, that of what it runs on. {@link GONE} for a container of
   * which that is not known.
   */
  get computers(): Uint32Array {
    if (this.#computers !== null) return this.#computers;
    const { size, links } = this.#table;
    const { heads, hosts } = links;
    const { codes, dictionary } = this.#table.codesOf('kind');
    const container = dictionary.find('container');
    const computers = heads.slice(0, size);
    for (let slot = 0; slot < size; slot++) {
      if (codes[slot] !== container) continue;
      const host = hosts[slot] ?? GONE;
      computers[slot] = host === GONE ? GONE : (heads[host] ?? host);
    }
    this.#computers = computers;
    return computers;
  }

  /** Rows of each row's machine. */
  get members(): { values: Float64Array } {
    if (this.#members !== null) return this.#members;
    const { size, links } = this.#table;
    const values = new Float64Array(size).fill(1);
    for (const slot of links.sharing()) values[slot] = links.stack.members(slot).length;
    this.#members = { values };
    return this.#members;
  }

  /** Rows that run directly on each row's machine. */
  get guests(): { values: Float64Array } {
    if (this.#guests !== null) return this.#guests;
    const { size, links } = this.#table;
    const counts = this.guestCounts;
    const values = new Float64Array(size);
    for (let slot = 0; slot < size; slot++) values[slot] = counts[links.heads[slot] ?? slot] ?? 0;
    this.#guests = { values };
    return this.#guests;
  }
}
