import type { Codes } from '../columns/columns.ts';
import { GONE } from '../columns/columns.ts';
import { UNSET } from '../columns/dictionary.ts';
import type { LinkedColumns } from '../columns/linked.ts';
import type { RowFigures } from './row-figures.ts';
import { rowFiguresOf } from './row-figures.ts';

/** Columns that follow from the links; good until the links change. Each is made when it is first asked for. */
export class DerivedColumns {
  readonly #table: LinkedColumns;
  #hostHeads: Uint32Array | null = null;
  #counts: Uint32Array | null = null;
  #nestedHosts: Uint32Array | null = null;
  #roots: Uint32Array | null = null;
  #withoutGuests: Uint8Array | null = null;
  #rowFigures: RowFigures | null = null;
  #nodes: Codes | null = null;
  #machineCodes: Uint32Array | null = null;
  #members: { values: Float64Array } | null = null;
  #guests: { values: Float64Array } | null = null;

  constructor(table: LinkedColumns) {
    this.#table = table;
  }

  /** For each row the machine that its own runs on, as the slot that stands for it; {@link GONE} for none, and for dead rows. */
  get hostHeads(): Uint32Array {
    if (this.#hostHeads !== null) return this.#hostHeads;
    const { size, dead, links } = this.#table;
    const { heads, hosts } = links;
    const hostHeads = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) {
      const host = hosts[slot] ?? GONE;
      hostHeads[slot] = host === GONE || dead[slot] !== 0 ? GONE : (heads[host] ?? host);
    }
    this.#hostHeads = hostHeads;
    return hostHeads;
  }

  /** By the slot that stands for a machine: how many rows run on it directly. */
  get guestCounts(): Uint32Array {
    if (this.#counts !== null) return this.#counts;
    const { hostHeads } = this;
    const counts = new Uint32Array(hostHeads.length);
    for (let slot = 0; slot < hostHeads.length; slot++) {
      const host = hostHeads[slot] ?? GONE;
      if (host !== GONE) counts[host] = (counts[host] ?? 0) + 1;
    }
    this.#counts = counts;
    return counts;
  }

  /** Machines that run something and run on something, each behind the one that it runs on: few, and what layers pass through. */
  get nestedHosts(): Uint32Array {
    if (this.#nestedHosts !== null) return this.#nestedHosts;
    const { hostHeads, guestCounts } = this;
    const { heads } = this.#table.links;
    const layers: number[][] = [];
    for (let slot = 0; slot < hostHeads.length; slot++) {
      if (guestCounts[slot] === 0 || heads[slot] !== slot || hostHeads[slot] === GONE) continue;
      let depth = 0;
      for (let at = hostHeads[slot] ?? GONE; at !== GONE; at = hostHeads[at] ?? GONE) depth++;
      const layer = layers[depth];
      if (layer) layer.push(slot);
      else layers[depth] = [slot];
    }
    this.#nestedHosts = Uint32Array.from(layers.flat());
    return this.#nestedHosts;
  }

  /** Machines that run on nothing, by name. */
  get roots(): Uint32Array {
    if (this.#roots !== null) return this.#roots;
    const { links, byName } = this.#table;
    const { heads, hosts } = links;
    this.#roots = byName.order().filter((slot) => hosts[slot] === GONE && heads[slot] === slot);
    return this.#roots;
  }

  /** 255 for rows whose machine runs nothing, and for dead ones. */
  get withoutGuests(): Uint8Array {
    if (this.#withoutGuests !== null) return this.#withoutGuests;
    const { size, dead, links } = this.#table;
    const { heads } = links;
    const counts = this.guestCounts;
    const excluded = new Uint8Array(size);
    for (let slot = 0; slot < size; slot++) {
      if (dead[slot] !== 0 || counts[heads[slot] ?? slot] === 0) excluded[slot] = 255;
    }
    this.#withoutGuests = excluded;
    return excluded;
  }

  /** The name of the host that a row is, or is one machine with, or runs on directly. */
  get nodes(): Codes {
    if (this.#nodes !== null) return this.#nodes;
    const { size, dead, links, hostNames } = this.#table;
    const { heads, hosts } = links;
    const own = hostNames.codes;
    const ofMachine = this.#namesOfMachines();
    const codes = hostNames.dictionary.size > 0x10000 ? new Uint32Array(size) : new Uint16Array(size);
    for (let slot = 0; slot < size; slot++) {
      if (dead[slot] !== 0) continue;
      const mine = own[slot] || (ofMachine[heads[slot] ?? slot] ?? UNSET);
      if (mine !== UNSET) codes[slot] = mine;
      else {
        const host = hosts[slot] ?? GONE;
        if (host !== GONE) codes[slot] = own[host] || (ofMachine[heads[host] ?? host] ?? UNSET);
      }
    }
    this.#nodes = { dictionary: hostNames.dictionary, codes };
    return this.#nodes;
  }

  /** By the slot that stands for a machine of several rows: the first name among them. */
  #namesOfMachines(): Uint16Array | Uint32Array {
    const { hostNames, links } = this.#table;
    const { heads } = links;
    const own = hostNames.codes;
    const names = hostNames.dictionary.size > 0x10000 ? new Uint32Array(own.length) : new Uint16Array(own.length);
    const several = new Set<number>();
    for (const slot of links.clusteredSlots()) {
      const name = own[slot] ?? UNSET;
      if (name === UNSET) continue;
      const head = heads[slot] ?? slot;
      if (names[head] === UNSET) names[head] = name;
      else several.add(head);
    }
    for (const head of several) names[head] = this.#firstName(head);
    return names;
  }

  /** As {@link nodes}, of one row, without making all. */
  nodeOf(slot: number): number {
    const host = this.#table.links.hosts[slot] ?? GONE;
    return this.#nameOf(slot) || (host === GONE ? UNSET : this.#nameOf(host));
  }

  #nameOf(slot: number): number {
    const { codes } = this.#table.hostNames;
    return codes[slot] || (this.#table.links.isClustered[slot] === 1 ? this.#firstName(slot) : UNSET);
  }

  #firstName(head: number): number {
    const { codes } = this.#table.hostNames;
    for (const slot of this.#table.links.stack.members(head)) if (codes[slot]) return codes[slot];
    return UNSET;
  }

  /** What each row is in figures. */
  get rowFigures(): RowFigures {
    this.#rowFigures ??= rowFiguresOf(this.#table);
    return this.#rowFigures;
  }

  /**
   * The machine of a row, as the slot that stands for it, +1; for a container, that of what it runs on. 0 for a container of which
   * that is not known.
   */
  get machineCodes(): Uint32Array {
    if (this.#machineCodes !== null) return this.#machineCodes;
    const { size, links } = this.#table;
    const { heads } = links;
    const { codes, dictionary } = this.#table.codesOf('kind');
    const { hostHeads } = this;
    const container = dictionary.find('container');
    const machineCodes = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) {
      // What is not known is the highest number there is, and one more is 0.
      machineCodes[slot] = 1 + ((codes[slot] === container ? hostHeads[slot] : heads[slot]) ?? GONE);
    }
    this.#machineCodes = machineCodes;
    return machineCodes;
  }

  /** Rows of each row's machine. */
  get members(): { values: Float64Array } {
    if (this.#members !== null) return this.#members;
    const { size, links } = this.#table;
    const counts = new Uint32Array(size);
    for (const slot of links.clusteredSlots()) {
      const head = links.heads[slot] ?? slot;
      counts[head] = (counts[head] ?? 0) + 1;
    }
    const values = new Float64Array(size).fill(1);
    for (const slot of links.clusteredSlots()) values[slot] = counts[links.heads[slot] ?? slot] ?? 1;
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
