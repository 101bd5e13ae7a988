import type { Claims } from './claims.ts';
import type { DecisionPairs } from './decided.ts';
import { GUESTS_RANK, TYPE } from './evidence.ts';
import type { HostReferences } from './hosted.ts';
import type { IdentityKeys } from './keys.ts';
import type { RowTable } from './rows.ts';
import { type Edge, type RejectedEdge, union } from './union.ts';

const NOBODY: readonly number[] = [];

/**
 * Hosts that run the same machines are one machine: Nova's hypervisor and the libvirt host whose domains are its servers, a Docker
 * host and the node whose containers it shows. Made of machines as identities make them, and the last evidence that is followed.
 */
export class SharedGuests {
  readonly rejected = new Map<number, RejectedEdge[]>();
  readonly #rows: RowTable;
  readonly #keys: IdentityKeys;
  readonly #hosted: HostReferences;
  readonly #claims: Claims;
  readonly #decided: () => DecisionPairs;
  /** By pairs of hosts, both ways: machines that both run. */
  readonly #shared = new Map<number, Map<number, number>>();
  /** Rows of a machine that shared guests hold together, for each head of the machines it was made of. */
  readonly #merged = new Map<number, readonly number[]>();
  #due = new Set<number>();

  constructor(
    rows: RowTable,
    keys: IdentityKeys,
    hosted: HostReferences,
    claims: Claims,
    decided: () => DecisionPairs,
  ) {
    this.#rows = rows;
    this.#keys = keys;
    this.#hosted = hosted;
    this.#claims = claims;
    this.#decided = decided;
  }

  /** Adds or takes away what a machine of several rows says of the hosts of its rows. */
  count(head: number, by: 1 | -1): void {
    const hosts = new Set<number>();
    for (const slot of this.#rows.cluster(head)) {
      const host = this.#hosted.resolvedHost(slot);
      if (host >= 0) hosts.add(host);
    }
    if (hosts.size < 2) return;
    for (const x of hosts) for (const y of hosts) if (this.#rows.bit(x) !== this.#rows.bit(y)) this.#add(x, y, by);
  }

  #add(x: number, y: number, by: number): void {
    const counts = this.#shared.get(x) ?? new Map<number, number>();
    this.#shared.set(x, counts);
    const count = (counts.get(y) ?? 0) + by;
    if (count > 0) counts.set(y, count);
    else counts.delete(y);
    if (counts.size === 0) this.#shared.delete(x);
    this.#due.add(x);
  }

  /** Hosts that run machines that this host runs too. */
  partners(host: number): Iterable<number> {
    return this.#shared.get(host)?.keys() ?? NOBODY;
  }

  has(x: number, y: number): boolean {
    return this.#shared.get(x)?.has(y) ?? false;
  }

  hosts(): Iterable<number> {
    return this.#shared.keys();
  }

  /**
   * Two guests in common, or one and the same name; and no guest of either is on another host of the other's kind. Names of hypervisors
   * must not differ, for VMs move: all may have gone from one to another while one side alone was listed again. A node may be called
   * what its cluster likes.
   */
  isCertain(x: number, y: number): boolean {
    const count = this.#shared.get(x)?.get(y) ?? 0;
    if (count === 0) return false;
    if ((count === 1 || (this.#isNamed(x) && this.#isNamed(y))) && !this.#haveOneName(x, y)) return false;
    return this.#isOnly(x, y) && this.#isOnly(y, x);
  }

  #isNamed(slot: number): boolean {
    return !this.#rows.isNode(slot) && this.#claims.entries(slot, TYPE.hostname).length > 0;
  }

  #isOnly(x: number, y: number): boolean {
    for (const other of this.partners(x)) if (other !== y && this.#rows.bit(other) === this.#rows.bit(y)) return false;
    return true;
  }

  #haveOneName(x: number, y: number): boolean {
    const names = this.#claims.entries(y, TYPE.hostname);
    return this.#claims.entries(x, TYPE.hostname).some((a) => names.some((b) => this.#keys.isSame(a, b)));
  }

  /** All rows of a machine that shared guests hold together, in order of precedence; none for any other. */
  merged(slot: number): readonly number[] | undefined {
    return this.#merged.size === 0 ? undefined : this.#merged.get(this.#rows.head[slot] ?? slot);
  }

  /** Takes a machine apart. To be called before the heads of its rows change. */
  leave(slot: number): readonly number[] {
    const slots = this.merged(slot);
    if (!slots) return NOBODY;
    for (const member of slots) this.#merged.delete(this.#rows.head[member] ?? member);
    return slots;
  }

  /**
   * Follows what hosts have in common now.
   * @param again rows whose machines are other ones
   * @returns rows of machines that were made or taken apart
   */
  settle(again: Iterable<number>): Set<number> {
    const changed = new Set<number>();
    const open = this.#due;
    this.#due = new Set();
    for (const slot of again) if (this.#shared.has(slot) || this.rejected.has(slot)) open.add(slot);
    for (const host of [...open])
      for (const slot of this.leave(host)) {
        changed.add(slot);
        if (this.#shared.has(slot)) open.add(slot);
      }
    const seen = new Set<number>();
    for (const host of open) {
      this.rejected.delete(host);
      if (seen.has(host) || !this.#rows.isLive(host)) continue;
      for (const slot of this.#merge(host, seen)) changed.add(slot);
    }
    return changed;
  }

  /** Puts together the machines that shared guests connect with a host's. */
  #merge(host: number, seen: Set<number>): number[] {
    const rows = this.#rows;
    const parts: number[][] = [];
    const edges: Edge[] = [];
    const heads = new Set<number>();
    const changed: number[] = [];
    const open = [host];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const head = rows.head[at] ?? at;
      if (heads.has(head)) continue;
      heads.add(head);
      changed.push(...this.leave(at));
      const cluster = rows.cluster(at);
      parts.push(cluster);
      for (const x of cluster) {
        if (!this.#shared.has(x)) continue;
        seen.add(x);
        this.rejected.delete(x);
        for (const y of this.partners(x)) {
          if (!this.isCertain(x, y)) continue;
          if (rows.compare(x, y) < 0) edges.push({ rank: GUESTS_RANK, x, y, entry: -1, tieBreak: 0 });
          open.push(y);
        }
      }
    }
    if (edges.length === 0) return changed;
    const decided = this.#decided();
    const { machines, rejected } = union(rows, parts, edges, (slot) => decided.splits(slot));
    for (const edge of rejected) this.rejected.set(edge.x, [...(this.rejected.get(edge.x) ?? []), edge]);
    for (const machine of machines) {
      const parted = new Set(machine.map((slot) => rows.head[slot] ?? slot));
      if (parted.size === 1) continue;
      for (const head of parted) this.#merged.set(head, machine);
      changed.push(...machine);
    }
    return changed;
  }
}
