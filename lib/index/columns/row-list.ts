import type { Table } from './table.ts';

/**
 * The rows of an answer as of the moment it was given, however long it takes to read them: slots, which stay true while a table
 * only grows. A table that is replaced is let go of with {@link detach}.
 */
export class RowList {
  readonly length: number;
  #slots: Uint32Array;
  #table: Table | null;
  #uids: string[] = [];

  constructor(slots: Uint32Array, table: Table) {
    this.length = slots.length;
    this.#slots = slots;
    this.#table = table;
  }

  uids(from: number, to: number): string[] {
    const table = this.#table;
    return table === null
      ? this.#uids.slice(from, to)
      : Array.from(this.#slots.subarray(from, to), (slot) => table.uid(slot));
  }

  detach(): void {
    this.#uids = this.uids(0, this.length);
    this.#slots = new Uint32Array(0);
    this.#table = null;
  }
}
