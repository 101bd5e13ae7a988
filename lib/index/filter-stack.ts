import type { Value } from '#lib/query/grammar/ast.ts';
import { GONE } from './columns.ts';
import type { Source } from './filter.ts';
import { allowedCodes } from './filter.ts';
import { has, markMates, markPresence, patternsOf } from './filter-text.ts';
import type { Table } from './table.ts';

/** `skip` for rows that are not looked at. */
const OUT = 255;

/** In its line of ids. */
const UID = [0, 1] as const;
const UID_AND_POD = [0, 2] as const;
/** Name, id, addresses and aliases, however many. */
const ALL = [0, 0xffff] as const;

/**
 * `on:`: what stands on the named rows, through all layers. A row's own word for its host counts as well, for the host need not be
 * listed; so do the other names of a host that is listed.
 */
export function markOn(values: readonly Value[], source: Source, hit: Uint8Array): void {
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
  markNamed(values, source, { named, skip: withoutGuests(table), ids: UID });
  // By the slots that stand for machines: 1 if something below it is named or it says itself that it stands on that.
  const isBase = new Uint8Array(hit.length);
  const stands = new Uint8Array(hit.length);
  let found = false;
  for (let slot = 0; slot < hit.length; slot++) {
    if (table.dead[slot] !== 0 || (named[slot] === 0 && direct[slot] === 0)) continue;
    const head = heads[slot] ?? slot;
    if (named[slot] === 1) isBase[head] = 1;
    if (direct[slot] === 1) stands[head] = 1;
    found = true;
  }
  if (!found) return;
  for (let slot = 0; slot < hit.length; slot++) {
    if (table.dead[slot] === 0 && (direct[slot] === 1 || standsOn(slot, table, isBase, stands))) hit[slot] = 1;
  }
}

function standsOn(slot: number, { links: { heads, hosts } }: Table, isBase: Uint8Array, stands: Uint8Array): boolean {
  for (let at = heads[slot] ?? slot; ; ) {
    if (stands[at] === 1) return true;
    const host = hosts[at] ?? GONE;
    if (host === GONE) return false;
    at = heads[host] ?? host;
    if (isBase[at] === 1) return true;
  }
}

/** `runs:`: what the named rows stand on, through all layers. */
export function markRuns(values: readonly Value[], source: Source, hit: Uint8Array): void {
  const { table } = source;
  const { heads, hosts } = table.links;
  if (has(values, 'any') || has(values, 'unset')) {
    const counts = table.standing.guestCounts;
    const runs = new Uint8Array(hit.length);
    for (let slot = 0; slot < runs.length; slot++) runs[slot] = (counts[heads[slot] ?? slot] ?? 0) > 0 ? 1 : 0;
    markPresence(values, runs, hit);
  }
  const named = new Uint8Array(hit.length);
  markNamed(values, source, { named, skip: table.dead, ids: UID_AND_POD });
  const below = new Uint8Array(hit.length);
  let found = false;
  for (let slot = 0; slot < named.length; slot++) {
    if (named[slot] !== 1 || table.dead[slot] !== 0) continue;
    for (let host = hosts[slot] ?? GONE; host !== GONE; ) {
      const head = heads[host] ?? host;
      if (below[head] === 1) break;
      below[head] = 1;
      found = true;
      host = hosts[head] ?? GONE;
    }
  }
  if (!found) return;
  for (let slot = 0; slot < hit.length; slot++) if (below[heads[slot] ?? slot] === 1) hit[slot] = 1;
}

/** `machine:`, by the uid of the row that stands for it. */
export function markMachine(values: readonly Value[], source: Source, hit: Uint8Array): void {
  const { table } = source;
  const { computers } = table.standing;
  if (has(values, 'any') || has(values, 'unset')) {
    markPresence(
      values,
      Uint8Array.from(computers, (slot) => (slot === GONE ? 0 : 1)),
      hit,
    );
  }
  const named = new Uint8Array(hit.length);
  for (const parts of patternsOf(values)) table.ids.match(parts, () => UID, table.dead, named, source.deadline);
  for (let slot = 0; slot < hit.length; slot++) {
    const computer = computers[slot] ?? GONE;
    if (computer !== GONE && named[computer] === 1) hit[slot] = 1;
  }
}

interface Naming {
  named: Uint8Array;
  /** 255 for rows that do not count. */
  skip: Uint8Array;
  /** Which of a row's ids count. */
  ids: readonly [number, number];
}

/** Marks rows of which one text is what a value says. */
function markNamed(values: readonly Value[], { table, deadline }: Source, { named, skip, ids }: Naming): void {
  for (const parts of patternsOf(values)) {
    deadline.check();
    table.text.match(parts, () => ALL, skip, named, deadline);
    table.opaque.match(parts, () => ALL, skip, named, deadline);
    table.ids.match(parts, () => ids, skip, named, deadline);
  }
}

/** Rows whose machine runs nothing, or that are dead, are out. */
function withoutGuests({ size, dead, links: { heads }, standing: { guestCounts } }: Table): Uint8Array {
  const skip = new Uint8Array(size);
  for (let slot = 0; slot < size; slot++) {
    if (dead[slot] !== 0 || guestCounts[heads[slot] ?? slot] === 0) skip[slot] = OUT;
  }
  return skip;
}
