import type { Contradiction, Decision, Link } from '#lib/model/index.ts';
import type { Member, Offer, SlotOf, Stack } from '#lib/stack/port.ts';

const STRONG = new Set(['provider-id', 'instance-id', 'resource-id', 'vm-id', 'system-uuid', 'runtime-id']);
const STANDING = { vm: 0, host: 1, container: 2 } as const;

/** Links as simple as they can be told, made anew from everything each time: what tests of the index stand on. */
export class NaiveStack implements Stack {
  readonly #rows: Map<number, Member>;
  #decisions: readonly Decision[] = [];
  #machines = new Map<number, number[]>();
  #hosts = new Map<number, number>();

  constructor(rows: Iterable<[number, Member]> = []) {
    this.#rows = new Map(rows);
  }

  add(slot: number, row: Member): void {
    this.#rows.set(slot, row);
  }

  drop(slot: number): void {
    this.#rows.delete(slot);
  }

  decide(decisions: readonly Decision[], _: SlotOf): void {
    this.#decisions = decisions;
  }

  #isSame(a: Member, b: Member): boolean {
    const [x, y] = [a.uid, b.uid].sort();
    const decided = this.#decisions.find((decision) => decision.a === x && decision.b === y);
    if (decided) return decided.verdict === 'join';
    if ((a.kind === 'container') !== (b.kind === 'container')) return false;
    return a.identities.some((one) => STRONG.has(one.type) && has(b, one));
  }

  settle(): null {
    const slots = [...this.#rows.keys()];
    const rank = (slot: number) => STANDING[this.#rows.get(slot)?.kind ?? 'vm'];
    const uid = (slot: number) => this.#rows.get(slot)?.uid ?? '';
    this.#machines = new Map(slots.map((slot) => [slot, [slot]]));
    for (const a of slots) {
      for (const b of slots) {
        const [x, y] = [this.#rows.get(a), this.#rows.get(b)];
        const [of, other] = [this.#machines.get(a) ?? [], this.#machines.get(b) ?? []];
        if (!x || !y || of === other || !this.#isSame(x, y)) continue;
        const all = [...of, ...other].sort((p, q) => rank(p) - rank(q) || (uid(p) < uid(q) ? -1 : 1));
        for (const slot of all) this.#machines.set(slot, all);
      }
    }
    this.#hosts = new Map();
    for (const slot of slots.sort((a, b) => (uid(a) < uid(b) ? -1 : 1))) {
      const head = this.machineOf(slot);
      if (this.#hosts.has(head)) continue;
      const host = slots.find(
        (other) =>
          this.machineOf(other) !== head &&
          this.#rows.get(other)?.kind !== 'container' &&
          this.#rows.get(slot)?.hostedBy.some((one) => has(this.#rows.get(other), one)) &&
          !this.#isBelow(other, head),
      );
      if (host !== undefined) this.#hosts.set(head, host);
    }
    return null;
  }

  /** Whether the machine is on the way down from the slot. */
  #isBelow(slot: number, head: number): boolean {
    for (let at: number = slot; at >= 0; at = this.hostOf(at)) if (this.machineOf(at) === head) return true;
    return false;
  }

  machineOf(slot: number): number {
    return this.members(slot)[0] ?? slot;
  }

  members(slot: number): readonly number[] {
    return this.#machines.get(slot) ?? [slot];
  }

  machines(): Iterable<number> {
    return new Set([...this.#machines.values()].filter((all) => all.length > 1).map(([first = 0]) => first));
  }

  hostOf(slot: number): number {
    return this.#hosts.get(this.machineOf(slot)) ?? -1;
  }

  guests(slot: number): number[] {
    const head = this.machineOf(slot);
    return [...this.#rows.keys()].filter((other) => {
      const host = this.hostOf(other);
      return host >= 0 && this.machineOf(host) === head;
    });
  }

  guestCount(slot: number): number {
    return this.guests(slot).length;
  }

  links(): Link[] {
    return [];
  }

  offers(): Offer[] {
    return [];
  }

  linkOf(): Link {
    throw new Error('no offers');
  }

  contradictions(): { total: number; items: Contradiction[] } {
    return { total: 0, items: [] };
  }

  contradictionsOf(): Contradiction[] {
    return [];
  }

  compacted(moved: Uint32Array): Stack {
    const stack = new NaiveStack([...this.#rows].map(([slot, row]) => [moved[slot] ?? 0, row]));
    stack.#decisions = this.#decisions;
    stack.settle();
    return stack;
  }
}

function has(row: Member | undefined, { type, value }: Member['identities'][number]): boolean {
  return row?.identities.some((one) => one.type === type && one.value === value) === true;
}
