import { EXCLUSIVE, isName, TYPE } from './evidence.ts';
import type { IdentityKeys } from './keys.ts';
import type { RowTable } from './rows.ts';

/** Rows that share identities, and whether they can be one machine. */
export class Claims {
  readonly #rows: RowTable;
  readonly #keys: IdentityKeys;

  constructor(rows: RowTable, keys: IdentityKeys) {
    this.#rows = rows;
    this.#keys = keys;
  }

  /** Live rows with an identity, by its first entry; a terminated VM is none where there is a live one. */
  claimants(head: number): number[] {
    const live = this.holders(head);
    const rows = this.#rows;
    const isPast = (slot: number) => rows.isVm(slot) && rows.isTerminated(slot);
    if (!live.some(isPast) || !live.some((slot) => rows.isVm(slot) && !rows.isTerminated(slot))) return live;
    return live.filter((slot) => !isPast(slot));
  }

  holders(head: number): number[] {
    const slots: number[] = [];
    for (let at = head + 1; at !== 0; at = this.#keys.next[at - 1] ?? 0) {
      const slot = this.#keys.slots[at - 1] ?? 0;
      if (this.#rows.isLive(slot)) slots.push(slot);
    }
    return slots;
  }

  /** Whether an identity cannot be that of one machine: two of its rows have one role, or a name is not the same machine's. */
  isConflict(head: number): boolean {
    const type = this.#keys.type(head);
    if (EXCLUSIVE[type] === 0 || this.#keys.next[head] === 0) return false;
    const claimants = this.claimants(head);
    let taken = 0;
    for (const slot of claimants) {
      const bit = this.#rows.bit(slot);
      if ((taken & bit) !== 0) return true;
      taken |= bit;
    }
    return isName(type) && this.#namesSeveral(claimants);
  }

  /** A name is used again: rows that share one and each have another number of their own are different machines. */
  #namesSeveral(slots: readonly number[]): boolean {
    return slots.some((x, index) => slots.slice(index + 1).some((y) => this.differ(x, y)));
  }

  /**
   * Both rows say instance ids, and none is the same. Firmware UUIDs count where one of them has a VM id, which is what its firmware
   * tells; elsewhere (bare metal under OpenStack) the two may differ on one machine.
   */
  differ(x: number, y: number): boolean {
    if (this.#differIn(TYPE['instance-id'], x, y)) return true;
    const hasVmId = this.#has(TYPE['vm-id'], x) || this.#has(TYPE['vm-id'], y);
    return hasVmId && this.#differIn(TYPE['system-uuid'], x, y);
  }

  #differIn(type: number, x: number, y: number): boolean {
    let both = false;
    for (const a of this.entries(x, type))
      for (const b of this.entries(y, type)) {
        if (this.#keys.isSame(a, b)) return false;
        both = true;
      }
    return both;
  }

  #has(type: number, slot: number): boolean {
    return this.entries(slot, type).length > 0;
  }

  /** Entries of a row, of one type or of all. */
  entries(slot: number, type?: number): number[] {
    const { slots, size } = this.#keys;
    const entries: number[] = [];
    for (let at = (this.#rows.firstKey[slot] ?? 0) - 1; at >= 0 && at < size && slots[at] === slot; at++)
      if (type === undefined || this.#keys.type(at) === type) entries.push(at);
    return entries;
  }
}
