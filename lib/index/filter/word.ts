import { fold } from '#lib/language/grammar/pattern.ts';
import { markMembers, type Snapshot } from './clause.ts';

/** A bare word: one of the row's texts contains it, or one of another row of the same machine. */
export function markWord(
  parts: readonly string[],
  { table, deadline }: Snapshot,
  excluded: Uint8Array,
  matched: Uint8Array,
): void {
  const folded = parts.map(fold);
  const clustered = table.links.clusteredSlots();
  const read = excluded.slice();
  // By a row that is excluded, the other rows of its machine may match.
  for (const slot of clustered) read[slot] = 0;
  for (const column of [table.names, table.text, table.opaque]) {
    column.search(folded, read, matched, deadline);
    // What a short word is found in nearly everywhere need not be looked at again.
    for (let slot = 0; slot < matched.length; slot++) if (matched[slot] === 1) read[slot] = 255;
  }
  // A whole uid finds its row, though parts of it would find far too many.
  const slot = parts.length === 1 ? table.slotOf(parts[0] ?? '') : undefined;
  if (slot !== undefined) matched[slot] = 1;
  markMembers(clustered, table.links.heads, matched);
}
