import { type Conflict, type Evidence, IDENTITY_TYPES } from '#lib/model/index.ts';
import { GUESTS_RANK, isName, TYPE } from './evidence.ts';
import type { LinkGraph } from './link-graph.ts';
import { guestsOfBoth } from './links.ts';
import type { Plan, UidOf } from './port.ts';
import { identityText } from './texts.ts';
import type { RejectedEdge } from './union.ts';

const MOST_NAMED = 20;

/** A conflict before its texts are read. */
export interface SlotConflict {
  kind: Conflict['kind'];
  evidence: Evidence;
  /** Entry of the identity; -1 for a person's decision and for guests. */
  entry: number;
  /** In order of precedence. */
  slots: readonly number[];
}

/** All of them, those with the most resources first. */
export function allConflicts(graph: LinkGraph): SlotConflict[] {
  const { keys, machines, shared } = graph;
  const found: (SlotConflict | null)[] = [];
  for (let entry = 0; entry < keys.size; entry++)
    if (keys.isConflicting(entry) && keys.isHead(entry)) found.push(ofIdentity(graph, entry));
  for (const rejected of [...machines.rejected.values(), ...shared.rejected.values()])
    found.push(...rejected.map((edge) => ofRejectedEdge(graph, edge)));
  return strongest(graph, found);
}

/** Those that a row is part of. */
export function conflictsOf(graph: LinkGraph, slot: number): SlotConflict[] {
  const { keys, claims, machines, shared } = graph;
  const heads = claims.entries(slot).flatMap((entry) => {
    if (keys.type(entry) === TYPE.hostname) return [];
    const head = keys.headOf(entry);
    return keys.isConflicting(head) ? [head] : [];
  });
  const rejected = [...machines.rejected.values(), ...shared.rejected.values()].flat();
  const found = [
    ...heads.map((head) => ofIdentity(graph, head)),
    ...rejected.filter(({ slots }) => slots.includes(slot)).map((edge) => ofRejectedEdge(graph, edge)),
  ];
  return strongest(graph, found);
}

/** One conflict a set of resources, that of the strongest evidence; what another one says of more resources goes without saying. */
function strongest({ rows, keys }: LinkGraph, found: readonly (SlotConflict | null)[]): SlotConflict[] {
  const told = new Map<number, Set<SlotConflict>>();
  const tieBreak = ({ entry }: SlotConflict) => (entry < 0 ? 0 : keys.hash(entry).a);
  const bySize = (one: SlotConflict, other: SlotConflict) => other.slots.length - one.slots.length;
  const byStrength = (one: SlotConflict, other: SlotConflict) => order(one) - order(other);
  const all = found
    .filter((conflict) => conflict !== null)
    .sort((one, other) => byStrength(one, other) || bySize(one, other) || tieBreak(one) - tieBreak(other));
  const kept = all.filter((conflict) => {
    const [first = -1, ...rest] = conflict.slots;
    const isSplit = conflict.kind === 'split';
    for (const other of told.get(first) ?? [])
      if ((other.kind === 'split') === isSplit && rest.every((slot) => told.get(slot)?.has(other))) return false;
    for (const slot of conflict.slots) {
      const list = told.get(slot);
      if (list) list.add(conflict);
      else told.set(slot, new Set([conflict]));
    }
    return true;
  });
  return kept.sort(
    (one, other) =>
      bySize(one, other) ||
      rows.compare(one.slots[0] ?? 0, other.slots[0] ?? 0) ||
      rows.compare(one.slots[1] ?? 0, other.slots[1] ?? 0) ||
      byStrength(one, other) ||
      tieBreak(one) - tieBreak(other),
  );
}

const order = ({ entry, evidence }: SlotConflict): number => (entry < 0 ? GUESTS_RANK : strength(evidence));
const strength = (evidence: Evidence): number => (IDENTITY_TYPES as readonly string[]).indexOf(evidence);

/**
 * Names that are used again and MACs are settled where stronger evidence brought each row that refers to a machine home to one that
 * has the name, or where nobody refers to it; ids that must be unique are told in any case.
 */
function ofIdentity(graph: LinkGraph, head: number): SlotConflict | null {
  const { keys, claims, rows } = graph;
  const type = keys.type(head);
  const slots = claims.claimants(head).sort((x, y) => rows.comparePrecedence(x, y));
  const lowest = Math.min(...precedencesOf(graph, slots));
  const bases = slots.filter((slot) => rows.roles.precedence(rows.role[slot] ?? 0) === lowest);
  const others = slots.filter((slot) => !bases.includes(slot));
  if (isName(type) || type === TYPE.mac) {
    const homes = new Set(bases.map((slot) => graph.machineOf(slot)));
    if (others.every((slot) => homes.has(graph.machineOf(slot)))) return null;
  }
  const evidence = IDENTITY_TYPES[type] ?? 'provider-id';
  return { kind: kindOf(graph, type, bases, others), evidence, entry: head, slots };
}

function precedencesOf({ rows }: LinkGraph, slots: readonly number[]): Set<number> {
  return new Set(slots.map((slot) => rows.roles.precedence(rows.role[slot] ?? 0)));
}

function kindOf(
  { rows }: LinkGraph,
  type: number,
  bases: readonly number[],
  others: readonly number[],
): Conflict['kind'] {
  const twice = (slots: readonly number[]) => new Set(slots.map((slot) => rows.role[slot])).size < slots.length;
  if (isName(type)) return twice(bases) || !twice(others) ? 'reused-name' : 'claimed-twice';
  // Two nodes that say they are one VM, which may not be listed.
  if (type === TYPE['instance-id'] || type === TYPE['vm-id'])
    return bases.some((slot) => rows.isVm(slot)) && twice(bases) ? 'cloned' : 'claimed-twice';
  return 'cloned';
}

function ofRejectedEdge({ keys }: LinkGraph, { entry, isSplit, slots, rank }: RejectedEdge): SlotConflict {
  const type = entry < 0 ? -1 : keys.type(entry);
  const evidence = rank === 0 ? 'person' : (IDENTITY_TYPES[type] ?? 'guests');
  if (isSplit) return { kind: 'split', evidence, entry, slots };
  return { kind: isName(type) ? 'reused-name' : 'cloned', evidence, entry, slots };
}

export function planOf(graph: LinkGraph, { kind, evidence, entry, slots }: SlotConflict, uidOf: UidOf): Plan<Conflict> {
  const resources = slots.slice(0, MOST_NAMED).map(uidOf);
  const count = slots.length;
  if (entry < 0) {
    const conflict = {
      kind,
      evidence,
      value: valueWithoutIdentity(graph, evidence, slots, uidOf),
      resources,
      count,
    };
    return { names: resources, reads: [], fill: () => conflict };
  }
  const uid = uidOf(graph.keys.slots[entry] ?? 0);
  const textOf = identityText(graph, entry);
  return {
    names: resources,
    reads: [uid],
    fill: (textsOf) => {
      const texts = textsOf(uid);
      return { kind, evidence, value: (texts && textOf(texts)) ?? '', resources, count };
    },
  };
}

/** What a person said, or a guest of both. */
function valueWithoutIdentity(graph: LinkGraph, evidence: Evidence, slots: readonly number[], uidOf: UidOf): string {
  const pairs = slots.flatMap((x, index) => slots.slice(index + 1).map((y) => ({ x, y })));
  if (evidence === 'person') {
    const reasons = pairs.flatMap(({ x, y }) => graph.decided.of(x, y) ?? []);
    return reasons.find(({ verdict }) => verdict === 'join')?.reason ?? '';
  }
  const both = pairs.find(({ x, y }) => graph.shared.has(x, y));
  const [guest] = both ? guestsOfBoth(graph, both.x, both.y) : [];
  return guest === undefined ? '' : uidOf(guest);
}
