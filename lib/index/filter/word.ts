import { fold } from '#lib/language/grammar/pattern.ts';
import { markMates, type Source } from './clause.ts';

/** A bare word: one of the row's texts contains it, or one of another row of the same machine. */
export function markWord(
  parts: readonly string[],
  { table, deadline }: Source,
  skip: Uint8Array,
  hit: Uint8Array,
): void {
  const folded = parts.map(fold);
  const sharing = table.links.sharing();
  const read = skip.slice();
  // A row that is out may be what its mates are found by.
  for (const slot of sharing) read[slot] = 0;
  for (const column of [table.names, table.text, table.opaque]) {
    column.search(folded, read, hit, deadline);
    // What a short word is found in nearly everywhere need not be looked at again.
    for (let slot = 0; slot < hit.length; slot++) if (hit[slot] === 1) read[slot] = 255;
  }
  // A whole uid finds its row, though parts of it would find far too many.
  const slot = parts.length === 1 ? table.slotOf(parts[0] ?? '') : undefined;
  if (slot !== undefined) hit[slot] = 1;
  markMates(sharing, table.links.heads, hit);
}
