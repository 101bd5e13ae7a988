import type { Value } from '#lib/query/grammar/ast.ts';
import { GONE } from './columns.ts';
import type { Source } from './filter.ts';
import { allowedCodes } from './filter.ts';
import { has, markMates, markPresence, patternsOf } from './filter-text.ts';
import type { Table } from './table.ts';

/** Machines whose guests are asked for one by one; of more it is less work to look at all rows. */
const FEW = 1000;

/** In its line of ids. */
const UID = [0, 1] as const;
const POD = [1, 2] as const;
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
  markNamed(values, source, { named, skip: table.standing.withoutGuests, pods: false });
  const bases: number[] = [];
  for (let slot = 0; slot < hit.length; slot++) {
    if (table.dead[slot] !== 0 || (named[slot] === 0 && direct[slot] === 0)) continue;
    bases.push(slot);
    // Another row of its machine says it for it.
    if (direct[slot] === 1) for (const mate of matesOf(slot, table)) hit[mate] = 1;
  }
  if (bases.length <= FEW) markAbove(bases, table, hit);
  else markAllAbove(bases, table, hit);
}

const matesOf = (slot: number, { links: { shared, stack } }: Table): readonly number[] =>
  shared[slot] === 1 ? stack.members(slot) : [slot];

/** Marks what stands on machines, from each to the rows on it. */
function markAbove(bases: readonly number[], { links: { heads, stack } }: Table, hit: Uint8Array): void {
  const seen = new Set<number>();
  const open = [...bases];
  for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
    const head = heads[slot] ?? slot;
    if (seen.has(head)) continue;
    seen.add(head);
    for (const guest of stack.guests(head)) {
      hit[guest] = 1;
      open.push(guest);
    }
  }
}

/** The same of very many machines: each row looks down. */
function markAllAbove(bases: readonly number[], { size, dead, links }: Table, hit: Uint8Array): void {
  const { heads, hosts } = links;
  const isBase = new Uint8Array(size);
  for (const slot of bases) isBase[heads[slot] ?? slot] = 1;
  for (let slot = 0; slot < size; slot++) {
    if (dead[slot] !== 0 || hit[slot] === 1) continue;
    for (let host = hosts[slot] ?? GONE; host !== GONE; ) {
      const head = heads[host] ?? host;
      if (isBase[head] === 1) {
        hit[slot] = 1;
        break;
      }
      host = hosts[head] ?? GONE;
    }
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
  markNamed(values, source, { named, skip: table.dead, pods: true });
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
    table.text.match(parts, () => ALL, skip, named, deadline);
    table.opaque.match(parts, () => ALL, skip, named, deadline);
    if (pods) table.ids.match(parts, () => POD, skip, named, deadline);
  }
}
