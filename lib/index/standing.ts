import type { Codes } from './columns.ts';
import { GONE } from './columns.ts';
import { UNSET } from './dictionary.ts';
import type { Table } from './table.ts';

/** What the links of one moment say of each row; good until they change. Each part is made when it is first asked for. */
export class Standing {
  readonly #table: Table;
  #counts: Uint32Array | null = null;
  #withoutGuests: Uint8Array | null = null;
  #machines: readonly (readonly number[])[] | null = null;
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

  /** The rows of each machine that has several, in order of standing. */
  get machines(): readonly (readonly number[])[] {
    const { stack } = this.#table.links;
    this.#machines ??= Array.from(stack.machines(), (head) => stack.members(head));
    return this.#machines;
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
