import { grown } from '#lib/columns/arrays.ts';
import { type Hash, hashOf } from '#lib/columns/hash.ts';
import type { LinkRow } from './port.ts';
import { Roles } from './roles.ts';

const LIVE = 1;
const TERMINATED = 2;
const MARKED = 4;
const NAMED = 8;
const UID_SEED = 0x7f;

/** What is known of each row but its identities, by slot. */
export class RowTable {
  readonly roles: Roles;
  size = 0;
  count = 0;
  /** Number of the row's role. */
  role: Uint8Array;
  /** First of the row's identities and of what it says it runs on, +1; 0 for none. They are adjacent. */
  firstKey: Uint32Array;
  firstHost: Uint32Array;
  /** The slot that stands for the machine as identities alone make it, and the next row of it, +1; 0 behind the last. */
  head: Uint32Array;
  next: Uint32Array;
  #flags: Uint8Array;
  #uidA: Uint32Array;
  #uidB: Uint32Array;
  readonly #hash: Hash = { a: 0, b: 0, c: 0 };

  constructor(expected: number, roles = new Roles()) {
    this.roles = roles;
    this.role = new Uint8Array(expected);
    this.#flags = new Uint8Array(expected);
    this.firstKey = new Uint32Array(expected);
    this.firstHost = new Uint32Array(expected);
    this.head = new Uint32Array(expected);
    this.next = new Uint32Array(expected);
    this.#uidA = new Uint32Array(expected);
    this.#uidB = new Uint32Array(expected);
  }

  add(slot: number, row: LinkRow): void {
    const { a, b } = hashOf(UID_SEED, row.uid, this.#hash);
    const isTerminated = row.kind === 'vm' && row.state === 'terminated';
    this.#put(slot, this.roles.numberOf(row), isTerminated, a, b);
  }

  #put(slot: number, role: number, isTerminated: boolean, a: number, b: number): void {
    this.#grow(slot + 1);
    this.#flags[slot] = LIVE | (isTerminated ? TERMINATED : 0);
    this.role[slot] = role;
    this.#uidA[slot] = a;
    this.#uidB[slot] = b;
    this.firstKey[slot] = 0;
    this.firstHost[slot] = 0;
    this.head[slot] = slot;
    this.next[slot] = 0;
    this.count++;
  }

  /** A row of another table, without its identities and machine. */
  copy(slot: number, from: RowTable, old: number): void {
    this.#put(slot, from.role[old] ?? 0, from.isTerminated(old), from.#uidA[old] ?? 0, from.#uidB[old] ?? 0);
  }

  #grow(size: number): void {
    this.size = Math.max(this.size, size);
    if (size <= this.#flags.length) return;
    this.#flags = grown(this.#flags, size);
    this.role = grown(this.role, size);
    this.firstKey = grown(this.firstKey, size);
    this.firstHost = grown(this.firstHost, size);
    this.head = grown(this.head, size);
    this.next = grown(this.next, size);
    this.#uidA = grown(this.#uidA, size);
    this.#uidB = grown(this.#uidB, size);
  }

  drop(slot: number): void {
    if (!this.isLive(slot)) return;
    this.#flags[slot] = (this.#flags[slot] ?? 0) & ~LIVE;
    this.count--;
  }

  /** All slots there ever were, dead ones included. */
  *slots(): Generator<number> {
    for (let slot = 0; slot < this.size; slot++) yield slot;
  }

  isLive(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & LIVE) !== 0;
  }

  /** A VM that its cloud only remembers. */
  isTerminated(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & TERMINATED) !== 0;
  }

  /** @returns false if it was marked already */
  mark(slot: number): boolean {
    const flags = this.#flags[slot] ?? 0;
    this.#flags[slot] = flags | MARKED;
    return (flags & MARKED) === 0;
  }

  isMarked(slot: number): boolean {
    return ((this.#flags[slot] ?? 0) & MARKED) !== 0;
  }

  unmark(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) & ~MARKED;
  }

  /** @returns false if it was named already */
  name(slot: number): boolean {
    const flags = this.#flags[slot] ?? 0;
    this.#flags[slot] = flags | NAMED;
    return (flags & NAMED) === 0;
  }

  unname(slot: number): void {
    this.#flags[slot] = (this.#flags[slot] ?? 0) & ~NAMED;
  }

  bit(slot: number): number {
    return this.roles.bit(this.role[slot] ?? 0);
  }

  isVm(slot: number): boolean {
    return this.roles.isVm(this.role[slot] ?? 0);
  }

  isNode(slot: number): boolean {
    return this.roles.isNode(this.role[slot] ?? 0);
  }

  /** A fixed order of rows that does not depend on when they came: that of their uids' hashes. */
  compare(x: number, y: number): number {
    return (this.#uidA[x] ?? 0) - (this.#uidA[y] ?? 0) || (this.#uidB[x] ?? 0) - (this.#uidB[y] ?? 0);
  }

  /** Order of precedence. */
  comparePrecedence(x: number, y: number): number {
    return this.roles.compare(this.role[x] ?? 0, this.role[y] ?? 0) || this.compare(x, y);
  }

  isAlone(slot: number): boolean {
    return this.next[this.head[slot] ?? slot] === 0;
  }

  /** Rows that identities and people make one machine with this one, in order of precedence. */
  cluster(slot: number): number[] {
    const slots: number[] = [];
    for (let at = (this.head[slot] ?? slot) + 1; at !== 0; at = this.next[at - 1] ?? 0) slots.push(at - 1);
    return slots;
  }

  /** @param slots in order of precedence */
  link(slots: readonly number[]): void {
    const head = slots[0] ?? 0;
    for (const [index, slot] of slots.entries()) {
      this.head[slot] = head;
      this.next[slot] = (slots[index + 1] ?? -1) + 1;
    }
  }
}
