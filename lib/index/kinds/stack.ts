import type { Value } from '#lib/language/grammar/ast.ts';
import { GONE } from '../columns/columns.ts';
import { UNSET } from '../columns/dictionary.ts';
import type { Table } from '../columns/table.ts';
import { allowedCodes, has, markMembers, markPresence, patternsOf, type Snapshot } from '../filter/clause.ts';
import { largestInOrder } from '../order/largest.ts';
import type { Grouping } from './grouping.ts';
import type { Kind } from './kind.ts';

/** Groups of machines at most: there may be as many as rows, and each needs its name from the store. */
const MOST_MACHINES = 300;

/** What follows from the links between rows. */
const linked = (mark: (values: readonly Value[], snapshot: Snapshot, matched: Uint8Array) => void): Kind => ({
  storage: null,
  cost: 0,
  moves: 'rows',
  mark: (_, { values }, snapshot, __, matched) => mark(values, snapshot, matched),
  count: null,
  group: null,
  order: null,
});

export const on: Kind = linked(markOn);
export const runs: Kind = linked(markRuns);
export const machine: Kind = {
  ...linked(markMachine),
  namesRows: true,
  group: (_, { table }) => groupingByMachine(table),
};

/** Of a column that has one text a row. */
const ONLY = [0, 1] as const;
/** Of a line of texts, however many. */
const ALL = [0, 0xffff] as const;

/**
 * `on:`: what runs on the named rows, through all layers. A row matches by the host that it declares as well, because that host may not
 * be listed; so it does by the other names of a host that is listed.
 */
function markOn(values: readonly Value[], snapshot: Snapshot, matched: Uint8Array): void {
  const { table, deadline } = snapshot;
  const { heads, hosts } = table.links;
  if (has(values, 'any') || has(values, 'unset')) {
    const hasHost = new Uint8Array(matched.length);
    table.runsOn.markSet(hasHost);
    for (let slot = 0; slot < hasHost.length; slot++) if (hosts[slot] !== GONE) hasHost[slot] = 1;
    markMembers(table.links.clusteredSlots(), heads, hasHost);
    markPresence(values, hasHost, matched);
  }
  const direct = new Uint8Array(matched.length);
  const codes = allowedCodes(table.runsOn.dictionary, values, deadline);
  table.runsOn.mark(codes, table.dead, direct);
  const named = new Uint8Array(matched.length);
  table.runsOn.markHosts(codes, named);
  markNamed(values, snapshot, { named, excluded: table.derived.withoutGuests, pods: false });
  const isBase = new Uint8Array(matched.length);
  for (let slot = 0; slot < matched.length; slot++) {
    if (table.dead[slot] !== 0 || (named[slot] === 0 && direct[slot] === 0)) continue;
    isBase[heads[slot] ?? slot] = 1;
    // It matches with the other rows of its machine.
    if (direct[slot] === 1) for (const member of membersOf(slot, table)) matched[member] = 1;
  }
  markAbove(isBase, table, matched);
}

const membersOf = (slot: number, { links: { isClustered, stack } }: Table): readonly number[] =>
  isClustered[slot] === 1 ? stack.members(slot) : [slot];

/** Marks what runs on machines. @param isBase 1 for the heads of these machines; the heads of hosts that run on them are added */
function markAbove(isBase: Uint8Array, { derived: { hostHeads, nestedHosts } }: Table, matched: Uint8Array): void {
  for (const slot of nestedHosts) if (isBase[hostHeads[slot] ?? GONE] === 1) isBase[slot] = 1;
  for (let slot = 0; slot < hostHeads.length; slot++) {
    const host = hostHeads[slot] ?? GONE;
    if (host !== GONE && isBase[host] === 1) matched[slot] = 1;
  }
}

/** `runs:`: what the named rows run on, through all layers. */
function markRuns(values: readonly Value[], snapshot: Snapshot, matched: Uint8Array): void {
  const { table } = snapshot;
  const { heads } = table.links;
  if (has(values, 'any') || has(values, 'unset')) {
    const counts = table.derived.guestCounts;
    const runs = new Uint8Array(matched.length);
    for (let slot = 0; slot < runs.length; slot++) runs[slot] = (counts[heads[slot] ?? slot] ?? 0) > 0 ? 1 : 0;
    markPresence(values, runs, matched);
  }
  const named = new Uint8Array(matched.length);
  const { hostHeads } = table.derived;
  markNamed(values, snapshot, { named, excluded: table.dead, pods: true });
  const below = new Uint8Array(matched.length);
  let found = false;
  for (let slot = 0; slot < named.length; slot++) {
    if (named[slot] !== 1) continue;
    for (let at = hostHeads[slot] ?? GONE; at !== GONE && below[at] === 0; at = hostHeads[at] ?? GONE) {
      below[at] = 1;
      found = true;
    }
  }
  if (!found) return;
  for (let slot = 0; slot < matched.length; slot++) if (below[heads[slot] ?? slot] === 1) matched[slot] = 1;
}

/** `machine:`, by the uid of the row that stands for it. */
function markMachine(values: readonly Value[], snapshot: Snapshot, matched: Uint8Array): void {
  const { table } = snapshot;
  const { machineCodes } = table.derived;
  if (has(values, 'any') || has(values, 'unset')) {
    markPresence(
      values,
      Uint8Array.from(machineCodes, (code) => (code === 0 ? 0 : 1)),
      matched,
    );
  }
  const named = new Uint8Array(matched.length);
  for (const parts of patternsOf(values))
    table.texts('uid').match(parts, () => ONLY, table.dead, named, snapshot.deadline);
  for (let slot = 0; slot < matched.length; slot++) {
    const code = machineCodes[slot] ?? 0;
    if (code !== 0 && named[code - 1] === 1) matched[slot] = 1;
  }
}

interface Naming {
  named: Uint8Array;
  /** 255 for rows that do not count. */
  excluded: Uint8Array;
  /** Whether containers are also known by their pods. */
  pods: boolean;
}

/** Marks rows of which one text matches a value. */
function markNamed(values: readonly Value[], { table, deadline }: Snapshot, { named, excluded, pods }: Naming): void {
  for (const value of values) {
    // Uids are long and many: as in words, only a whole one counts.
    const slot = value.type === 'pattern' && value.parts.length === 1 ? table.slotOf(value.parts[0] ?? '') : undefined;
    if (slot !== undefined && excluded[slot] === 0) named[slot] = 1;
  }
  for (const parts of patternsOf(values)) {
    deadline.check();
    table.names.match(parts, () => ONLY, excluded, named, deadline);
    table.text.match(parts, () => ALL, excluded, named, deadline);
    table.opaque.match(parts, () => ALL, excluded, named, deadline);
    if (pods) table.texts('pod').match(parts, () => ONLY, excluded, named, deadline);
  }
}

/** There may be as many machines as rows: only the largest are listed, by name where they are of one size. */
function groupingByMachine(table: Table): Grouping {
  const { byName } = table;
  return {
    codes: table.derived.machineCodes,
    size: table.size + 1,
    nameOf: (code) => (code === UNSET ? '' : table.uid(code - 1)),
    listed: (counts) => {
      const machines = largestInOrder(
        counts.subarray(1),
        { order: byName.order(), places: byName.places() },
        MOST_MACHINES,
      );
      const codes = machines.map((slot) => slot + 1);
      // Containers of which the host is not known are listed in any case.
      const count = counts[UNSET] ?? 0;
      const at = codes.findIndex((code) => (counts[code] ?? 0) <= count);
      if (count > 0) codes.splice(at === -1 ? codes.length : at, 0, UNSET);
      return codes;
    },
  };
}
