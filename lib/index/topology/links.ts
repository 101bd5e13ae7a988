import { grown } from '#lib/columns/arrays.ts';
import type { LinkRow, SlotOf, Stack } from '#lib/linking/port.ts';
import type { Decision } from '#lib/model/index.ts';
import { GONE } from '../columns/columns.ts';

/**
 * The stack of the rows as columns: what questions read a million times. Changes are gathered by the stack and show here after
 * {@link settle}.
 */
export class Links {
  readonly stack: Stack;
  /** For each live slot the one that stands for its machine. */
  heads = new Uint32Array(0);
  /** For each live slot the row that its machine runs on directly; {@link GONE} where none is known. */
  hosts = new Uint32Array(0);
  /** 1 for rows that are a machine together with others. */
  isClustered = new Uint8Array(0);
  #clusteredSlots: Uint32Array | null = null;
  /** Changes that do not show yet. */
  waiting = 0;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  add(slot: number, row: LinkRow): void {
    this.stack.add(slot, row);
    this.heads = grown(this.heads, slot + 1);
    this.hosts = grown(this.hosts, slot + 1);
    this.isClustered = grown(this.isClustered, slot + 1);
    this.heads[slot] = slot;
    this.hosts[slot] = GONE;
    this.waiting++;
  }

  drop(slot: number): void {
    this.stack.drop(slot);
    this.isClustered[slot] = 0;
    this.waiting++;
  }

  decide(decisions: readonly Decision[], slotOf: SlotOf): void {
    this.stack.decide(decisions, slotOf);
    this.waiting++;
  }

  /** @returns whether there was anything to do */
  settle(slotOf: SlotOf, size: number, dead: Uint8Array): boolean {
    if (this.waiting === 0) return false;
    this.waiting = 0;
    this.#clusteredSlots = null;
    const changed = this.stack.settle(slotOf);
    if (changed === null) this.#readAll(size, dead);
    else for (const slot of changed) this.#read(slot, dead);
    return true;
  }

  #readAll(size: number, dead: Uint8Array): void {
    this.isClustered.fill(0);
    for (const head of this.stack.machines()) for (const slot of this.stack.members(head)) this.isClustered[slot] = 1;
    for (let slot = 0; slot < size; slot++) if (dead[slot] === 0) this.#place(slot);
  }

  #read(slot: number, dead: Uint8Array): void {
    if (dead[slot] !== 0) return;
    this.#place(slot);
    this.isClustered[slot] = this.stack.members(slot).length > 1 ? 1 : 0;
  }

  #place(slot: number): void {
    const host = this.stack.hostOf(slot);
    this.heads[slot] = this.stack.machineOf(slot);
    this.hosts[slot] = host < 0 ? GONE : host;
  }

  /** Slots of rows that are a machine together with others, in rising order. */
  clusteredSlots(): Uint32Array {
    if (this.#clusteredSlots === null) {
      const slots: number[] = [];
      for (let slot = this.isClustered.indexOf(1); slot !== -1; slot = this.isClustered.indexOf(1, slot + 1))
        slots.push(slot);
      this.#clusteredSlots = Uint32Array.from(slots);
    }
    return this.#clusteredSlots;
  }

  /** @param keep old slots in their new order. @param moved for each old slot its new one, or {@link GONE} */
  compact(keep: Uint32Array, moved: Uint32Array): Links {
    const links = new Links(this.stack.compacted(moved));
    const place = (slot: number): number => (slot === GONE ? GONE : (moved[slot] ?? GONE));
    links.heads = Uint32Array.from(keep, (slot) => place(this.heads[slot] ?? slot));
    links.hosts = Uint32Array.from(keep, (slot) => place(this.hosts[slot] ?? GONE));
    links.isClustered = Uint8Array.from(keep, (slot) => this.isClustered[slot] ?? 0);
    return links;
  }
}
