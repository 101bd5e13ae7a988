import type { Stack } from '#lib/stack/port.ts';

/** Links of which nothing is known: each row is a machine alone and stands on nothing. */
export class Unlinked implements Stack {
  add(): void {}
  drop(): void {}
  decide(): void {}
  settle(): Uint32Array {
    return new Uint32Array(0);
  }
  machineOf(slot: number): number {
    return slot;
  }
  members(slot: number): readonly number[] {
    return [slot];
  }
  machines(): Iterable<number> {
    return [];
  }
  hostOf(): number {
    return -1;
  }
  guests(): Iterable<number> {
    return [];
  }
  guestCount(): number {
    return 0;
  }
  links(): [] {
    return [];
  }
  offers(): [] {
    return [];
  }
  linkOf(): never {
    throw new TypeError('there are no offers');
  }
  contradictions(): { total: number; items: [] } {
    return { total: 0, items: [] };
  }
  contradictionsOf(): [] {
    return [];
  }
  compacted(): Stack {
    return this;
  }
}
