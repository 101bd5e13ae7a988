import { readNetwork } from '#lib/language/grammar/address.ts';
import type { Value } from '#lib/language/grammar/ast.ts';
import { fold } from '#lib/language/grammar/pattern.ts';
import type { Table } from '../columns/table.ts';
import type { TextColumn } from '../columns/text-column.ts';
import { has, markMates, markPresence, patternsOf, type Source } from './clause.ts';

/** Places of a row's texts in its line of the text column: id, addresses, aliases. */
const ID = 0;
const ADDRESSES = 1;

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

/** Where the text of a field is. */
function columnOf(key: string, { names, text, uids, pods }: Table): TextColumn {
  if (key === 'name') return names;
  if (key === 'id') return text;
  return key === 'uid' ? uids : pods;
}

/** `name:`, `id:`, `uid:` and `pod:`. */
export function markText(
  key: string,
  values: readonly Value[],
  source: Source,
  skip: Uint8Array,
  hit: Uint8Array,
): void {
  const { table, deadline } = source;
  const column = columnOf(key, table);
  // Columns of one text a row, and that of which the first is the id.
  const range = [ID, ID + 1] as const;
  const find = (parts: readonly string[], into: Uint8Array) => column.match(parts, () => range, skip, into, deadline);
  if (has(values, 'any') || has(values, 'unset')) {
    const empty = new Uint8Array(table.size);
    find([''], empty);
    markPresence(
      values,
      empty.map((isEmpty) => 1 - isEmpty),
      hit,
    );
  }
  for (const parts of patternsOf(values)) find(parts, hit);
}

/** `ip:` as address, network or text with wildcards. */
export function markAddress(values: readonly Value[], source: Source, skip: Uint8Array, hit: Uint8Array): void {
  const { table, deadline } = source;
  const { counts } = table.addresses;
  const set = new Uint8Array(table.size);
  for (let slot = 0; slot < set.length; slot++) set[slot] = counts[slot] === 0 ? 0 : 1;
  markPresence(values, set, hit);
  const range = (slot: number) => [ADDRESSES, ADDRESSES + (counts[slot] ?? 0)] as const;
  for (const parts of patternsOf(values)) {
    deadline.check();
    const network = readNetwork(parts.length === 1 ? (parts[0] ?? '') : networkOf(parts));
    if (network === null) table.text.match(parts, range, skip, hit, deadline);
    else table.addresses.mark(network, hit);
  }
}

/** `10.0.*` is 10.0.0.0/16: numbers compare faster than text. */
function networkOf([first = '', ...rest]: readonly string[]): string {
  if (rest.length !== 1 || rest[0] !== '' || !/^(\d{1,3}\.){1,3}$/.test(first)) return '';
  const bytes = first.split('.').slice(0, -1);
  return `${[...bytes, '0', '0', '0'].slice(0, 4).join('.')}/${8 * bytes.length}`;
}
