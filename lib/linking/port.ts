import type { Confidence, Conflict, Decision, Link, Resource } from '#lib/model/index.ts';

/** What the stack reads of a row. Nothing of it is kept but numbers: texts of evidence are read again from the rows. */
export type LinkRow = Pick<
  Resource,
  'uid' | 'provider' | 'source' | 'kind' | 'state' | 'identities' | 'hostedBy' | 'createdAt' | 'account' | 'managed'
>;

/** What a row says in words of itself and of its host. */
export type Texts = Pick<LinkRow, 'identities' | 'hostedBy'>;

/**
 * An answer without its texts, which are in the store. Everything else is as of the moment it was made, and it is good over an await:
 * it refers to rows by their uids.
 */
export interface Plan<T> {
  /** Uids that the answer names. */
  readonly names: readonly string[];
  /** Uids of the rows that have its texts. */
  readonly reads: readonly string[];
  /** @returns null where a row does not have the text any more */
  fill(textsOf: (uid: string) => Texts | undefined): T | null;
}

export type LinkPlan = Plan<Link> & Pick<Link, 'relation'>;

/** A pair that evidence speaks for without being enough: a person decides. */
export interface Candidate {
  a: number;
  b: number;
  confidence: Exclude<Confidence, 'certain'>;
}

export type UidOf = (slot: number) => string;

/** How rows are found by their uid, for decisions; undefined for one that is not live. */
export type SlotOf = (uid: string) => number | undefined;

/**
 * Links over live rows, which are known by their slots: numbers that whoever owns the rows hands out, never twice for different rows
 * until {@link Stack.compacted}. Pure: no store, no clock, no text but what is asked for.
 *
 * A machine is the set of rows that certain `same-as` links and joins of a person hold together, minus what a person has split. Each
 * row is in exactly one machine, most alone. Evidence in conflict is not followed.
 */
export interface Stack {
  add(slot: number, row: LinkRow): void;
  drop(slot: number): void;
  /** All decisions there are, in place of those before. */
  decide(decisions: readonly Decision[], slotOf: SlotOf): void;
  /**
   * Works off what was added, dropped and decided since. Everything below answers as of the last call.
   * @param slotOf decisions about rows that came or went meanwhile are looked up anew
   * @returns slots whose machine, host or precedence changed; null where it was everything
   */
  settle(slotOf: SlotOf): Uint32Array | null;

  /** The slot that stands for the machine: its {@link members}' first. The row itself where it is alone. */
  machineOf(slot: number): number;
  /**
   * Rows of the machine of a slot, in order of precedence: what provisions it first (a cloud's VM before a hypervisor's domain of the
   * same machine), then nodes, then other hosts; a pod's container before the engine's view of it. Rows of one kind stand in the order of
   * their systems' names, then in a fixed order of their uids that is not that of their texts.
   */
  members(slot: number): readonly number[];
  /** Any rows in order of precedence. */
  byPrecedence(slots: readonly number[]): readonly number[];
  /** Rows that are in a machine with others, one entry a machine: the slot that stands for it. */
  machines(): Iterable<number>;
  /**
   * The row that this row's machine runs on directly, -1 if none is known: a node for a container, a hypervisor for a VM, the VM's
   * hypervisor for a node. Never a row of the same machine, never in a circle.
   */
  hostOf(slot: number): number;
  /** Rows that run directly on any row of this machine, in no order. All rows of a guest are named. */
  guests(slot: number): Iterable<number>;
  /** Number of {@link guests}. */
  guestCount(slot: number): number;

  /** What speaks for the pairs in the machine of this slot, and for what it runs on; match match candidates included. */
  links(slot: number, uidOf: UidOf): LinkPlan[];
  /** Pairs of different machines that likely or possible evidence would join and no person has decided on, likely ones first. */
  candidates(): readonly Candidate[];
  /** The link of a candidate, as {@link links} has it. */
  linkOf(candidate: Candidate, uidOf: UidOf): LinkPlan;
  /** At most `limit` of them, those with the most resources first. */
  conflicts(limit: number, uidOf: UidOf): { total: number; items: Plan<Conflict>[] };
  /** Conflicts that this row is part of. */
  conflictsOf(slot: number, uidOf: UidOf): Plan<Conflict>[];

  /** @param moved for each old slot its new one, or 0xffffffff where it is dropped */
  compacted(moved: Uint32Array): Stack;
}
