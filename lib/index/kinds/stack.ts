import type { Value } from '#lib/language/grammar/ast.ts';
import { GONE } from '../columns/columns.ts';
import { UNSET } from '../columns/dictionary.ts';
import type { Table } from '../columns/table.ts';
import { allowedCodes, has, markMates, markPresence, patternsOf, type Source } from '../filter/clause.ts';
import { largestInOrder } from '../order/largest.ts';
import type { Grouping } from './grouping.ts';
import type { Kind } from './kind.ts';

/** Groups of machines at most: there may be as many as rows, and each needs its name from the store. */
const MOST_MACHINES = 300;

/** What follows from the links between rows. */
const linked = (mark: (values: readonly Value[], source: Source, hit: Uint8Array) => void): Kind => ({
  storage: null,
  cost: 0,
  moves: 'rows',
  mark: (_, { values }, source, __, hit) => mark(values, source, hit),
  count: null,
  group: null,
  order: null,
});

export const on: Kind = linked(markOn);
export const runs: Kind = linked(markRuns);
export const machine: Kind = { ...linked(markMachine), group: (_, { table }) => groupingByMachine(table) };

/** Of a column that has one text a row. */
const ONLY = [0, 1] as const;
/** Of a line of texts, however many. */
const ALL = [0, 0xffff] as const;

/**
 * `on:`: what stands on the named rows, through all layers. A row's own word for its host counts as well, for the host need not be
 * listed; so do the other names of a host that is listed.
 */
function markOn(values: readonly Value[], source: Source, hit: Uint8Array): void {
  const { table, deadline } = source;
  const { heads, hosts } = table.links;
  if (has(values, 'any') || has(values, 'unset')) {
    const said = new Uint8Array(hit.length);
    table.runsOn.markSet(said);
    for (let slot = 0; slot < said.length; slot++) if (hosts[slot] !== GONE) said[slot] = 1;
    markMates(table.links.sharing(), heads, said);
    markPresence(values, said, hit);
  }
  const direct = new Uint8Array(hit.length);
  const codes = allowedCodes(table.runsOn.dictionary, values, deadline);
  table.runsOn.mark(codes, table.dead, direct);
  const named = new Uint8Array(hit.length);
  table.runsOn.markHosts(codes, named);
  markNamed(values, source, { named, skip: table.standing.withoutGuests, pods: false });
  const isBase = new Uint8Array(hit.length);
  for (let slot = 0; slot < hit.length; slot++) {
    if (table.dead[slot] !== 0 || (named[slot] === 0 && direct[slot] === 0)) continue;
    isBase[heads[slot] ?? slot] = 1;
    // Another row of its machine says it for it.
    if (direct[slot] === 1) for (const mate of matesOf(slot, table)) hit[mate] = 1;
  }
  markAbove(isBase, table, hit);
}

const matesOf = (slot: number, { links: { shared, stack } }: Table): readonly number[] =>
  shared[slot] === 1 ? stack.members(slot) : [slot];

/** Marks what stands on machines. @param isBase by the slots that stand for them; gets those that stand on them as well */
function markAbove(isBase: Uint8Array, { standing: { grounds, between } }: Table, hit: Uint8Array): void {
  for (const slot of between) if (isBase[grounds[slot] ?? GONE] === 1) isBase[slot] = 1;
  for (let slot = 0; slot < grounds.length; slot++) {
    const ground = grounds[slot] ?? GONE;
    if (ground !== GONE && isBase[ground] === 1) hit[slot] = 1;
  }
}

/** `runs:`: what the named rows stand on, through all layers. */
function markRuns(values: readonly Value[], source: Source, hit: Uint8Array): void {
  const { table } = source;
  const { heads } = table.links;
  if (has(values, 'any') || has(values, 'unset')) {
    const counts = table.standing.guestCounts;
    const runs = new Uint8Array(hit.length);
    for (let slot = 0; slot < runs.length; slot++) runs[slot] = (counts[heads[slot] ?? slot] ?? 0) > 0 ? 1 : 0;
    markPresence(values, runs, hit);
  }
  const named = new Uint8Array(hit.length);
  const { grounds } = table.standing;
  markNamed(values, source, { named, skip: table.dead, pods: true });
  const below = new Uint8Array(hit.length);
  let found = false;
  for (let slot = 0; slot < named.length; slot++) {
    if (named[slot] !== 1) continue;
    for (let at = grounds[slot] ?? GONE; at !== GONE && below[at] === 0; at = grounds[at] ?? GONE) {
      below[at] = 1;
      found = true;
    }
  }
  if (!found) return;
  for (let slot = 0; slot < hit.length; slot++) if (below[heads[slot] ?? slot] === 1) hit[slot] = 1;
}

/** `machine:`, by the uid of the row that stands for it. */
function markMachine(values: readonly Value[], source: Source, hit: Uint8Array): void {
  const { table } = source;
  const { computers } = table.standing;
  if (has(values, 'any') || has(values, 'unset')) {
    markPresence(
      values,
      Uint8Array.from(computers, (computer) => (computer === 0 ? 0 : 1)),
      hit,
    );
  }
  const named = new Uint8Array(hit.length);
  for (const parts of patternsOf(values))
    table.texts('uid').match(parts, () => ONLY, table.dead, named, source.deadline);
  for (let slot = 0; slot < hit.length; slot++) {
    const computer = computers[slot] ?? 0;
    if (computer !== 0 && named[computer - 1] === 1) hit[slot] = 1;
  }
}

interface Naming {
  named: Uint8Array;
  /** 255 for rows that do not count. */
  skip: Uint8Array;
  /** Whether containers are also known by their pods. */
  pods: boolean;
}

/** Marks rows of which one text is what a value says. */
function markNamed(values: readonly Value[], { table, deadline }: Source, { named, skip, pods }: Naming): void {
  for (const value of values) {
    // Uids are long and many: as in words, only a whole one counts.
    const slot = value.type === 'pattern' && value.parts.length === 1 ? table.slotOf(value.parts[0] ?? '') : undefined;
    if (slot !== undefined && skip[slot] === 0) named[slot] = 1;
  }
  for (const parts of patternsOf(values)) {
    deadline.check();
    table.names.match(parts, () => ONLY, skip, named, deadline);
    table.text.match(parts, () => ALL, skip, named, deadline);
    table.opaque.match(parts, () => ALL, skip, named, deadline);
    if (pods) table.texts('pod').match(parts, () => ONLY, skip, named, deadline);
  }
}

/** There may be as many machines as rows: only the largest are told, by their names where they are of one size. */
function groupingByMachine(table: Table): Grouping {
  const { byName } = table;
  return {
    codes: table.standing.computers,
    size: table.size + 1,
    nameOf: (code) => (code === UNSET ? '' : table.uid(code - 1)),
    told: (counts) => {
      const machines = largestInOrder(
        counts.subarray(1),
        { order: byName.order(), places: byName.places() },
        MOST_MACHINES,
      );
      const told = machines.map((slot) => slot + 1);
      // What stands on nothing known is told in any case.
      const count = counts[UNSET] ?? 0;
      const at = told.findIndex((code) => (counts[code] ?? 0) <= count);
      if (count > 0) told.splice(at === -1 ? told.length : at, 0, UNSET);
      return told;
    },
  };
}
