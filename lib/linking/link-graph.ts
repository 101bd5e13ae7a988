import { type Hash, hashOf } from '#lib/columns/hash.ts';
import { Claims } from './claims.ts';
import { DecisionPairs } from './decided.ts';
import { type IdentityType, isOwn, isPrivate, shortName, TYPE } from './evidence.ts';
import { HostReferences } from './hosted.ts';
import { IdentityKeys } from './keys.ts';
import { Machines } from './machines.ts';
import type { LinkRow } from './port.ts';
import { RowTable } from './rows.ts';
import { SharedGuests } from './shared-guests.ts';

/** Identities a row has, on the average: containers one, VMs about eight. */
const KEYS_PER_ROW = 2;

/** Everything that is known of the rows, and what follows from it. */
export class LinkGraph {
  readonly rows: RowTable;
  readonly keys: IdentityKeys;
  readonly hosted: HostReferences;
  readonly claims: Claims;
  readonly machines: Machines;
  readonly shared: SharedGuests;
  decided = new DecisionPairs();
  /** Heads of machines that would stand on themselves. */
  circles: ReadonlySet<number> = new Set();
  readonly #hash: Hash = { a: 0, b: 0, c: 0 };

  constructor(expected: number, rows = new RowTable(expected)) {
    this.rows = rows;
    this.keys = new IdentityKeys(rows, expected * KEYS_PER_ROW);
    this.hosted = new HostReferences(rows, expected);
    this.claims = new Claims(rows, this.keys);
    const decided = () => this.decided;
    this.machines = new Machines(rows, this.keys, this.claims, decided);
    this.shared = new SharedGuests(rows, this.keys, this.hosted, this.claims, decided);
  }

  add(slot: number, row: LinkRow): void {
    this.rows.add(slot, row);
    for (const { type, value } of row.identities) {
      const text = evidenceOf(type, value);
      if (text === null) continue;
      const hash = hashOf(TYPE[type], text, this.#hash);
      this.keys.add(slot, TYPE[type], hash, type === 'address' && isPrivate(value), type !== 'hostname');
    }
    for (const { type, value } of row.hostedBy)
      this.hosted.add(slot, TYPE[type], hashOf(TYPE[type], value, this.#hash));
  }

  /** Takes over a row of another graph. */
  copy(slot: number, from: LinkGraph, old: number): void {
    this.rows.copy(slot, from.rows, old);
    for (const entry of from.claims.entries(old)) {
      const type = from.keys.type(entry);
      this.keys.add(slot, type, from.keys.hash(entry), from.keys.isWeak(entry), type !== TYPE.hostname);
    }
    for (const key of from.hosted.keysOf(old)) this.hosted.add(slot, from.hosted.type(key), from.hosted.hash(key));
  }

  /** The row that stands for the machine. */
  machineOf(slot: number): number {
    return this.shared.merged(slot)?.[0] ?? this.rows.head[slot] ?? slot;
  }

  members(slot: number): readonly number[] {
    return this.shared.merged(slot) ?? this.rows.cluster(slot);
  }

  isAlone(slot: number): boolean {
    return this.rows.isAlone(slot) && this.shared.merged(slot) === undefined;
  }

  /** The host that a machine's rows declare, circles not looked at. */
  declaredHostOf(slot: number): number {
    if (this.isAlone(slot)) return this.hosted.resolvedHost(slot);
    const head = this.machineOf(slot);
    for (const member of this.members(slot)) {
      const host = this.hosted.resolvedHost(member);
      if (host >= 0 && this.machineOf(host) !== head) return host;
    }
    return -1;
  }

  hostOf(slot: number): number {
    return this.circles.size > 0 && this.circles.has(this.machineOf(slot)) ? -1 : this.declaredHostOf(slot);
  }

  /** The one row that an identity resolves to: the first of its machine. -1 where nobody has it, or several machines do. */
  resolve(key: number): number {
    const head = this.keys.find(this.hosted.hash(key));
    if (head < 0) return -1;
    const [first = -1, ...rest] = this.claims.claimants(head).sort((x, y) => this.rows.comparePrecedence(x, y));
    return rest.some((slot) => this.rows.head[slot] !== this.rows.head[first]) ? -1 : first;
  }

  /** Keys by which others say that they run on this row. */
  keysResolvingTo(slot: number): number[] {
    return this.claims.entries(slot).flatMap((entry) => {
      if ((this.hosted.types & (1 << this.keys.type(entry))) === 0) return [];
      const key = this.hosted.find(this.keys.hash(entry));
      return key >= 0 && this.hosted.resolved[key] === slot + 1 ? [key] : [];
    });
  }

  /** Rows that say that they run on this row. */
  guestsNaming(slot: number): number[] {
    const guests: number[] = [];
    for (const key of this.keysResolvingTo(slot)) this.hosted.eachGuest(key, (guest) => guests.push(guest));
    return guests;
  }

  /** Whether a person's decision keeps these two machines apart. */
  areSplit(x: number, y: number): boolean {
    if (!this.decided.hasSplits) return false;
    const head = this.machineOf(y);
    return this.members(x).some((slot) => this.decided.splits(slot).some((away) => this.machineOf(away) === head));
  }

  /** Whether they could be one machine: no role twice. */
  fit(x: number, y: number): boolean {
    const roles = (slot: number) => this.members(slot).reduce((taken, member) => taken | this.rows.bit(member), 0);
    return (roles(x) & roles(y)) === 0;
  }
}

/** What of an identity is compared; null for one that is no evidence. */
export function evidenceOf(type: IdentityType, value: string): string | null {
  if (type === 'hostname') return shortName(value);
  return type === 'address' && isOwn(value) ? null : value;
}
