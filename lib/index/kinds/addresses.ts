import { readNetwork } from '#lib/language/grammar/address.ts';
import { markPresence, patternsOf } from '../filter/clause.ts';
import type { Kind } from './kind.ts';

/** Place of the first address in a row's line of the text column: behind the id. */
const ADDRESSES = 1;

/** `ip:` as address, network or text with wildcards. */
export const address: Kind = {
  storage: null,
  cost: 1,
  moves: 'rows',
  mark(_, { values }, { table, deadline }, excluded, matched) {
    const { counts } = table.addresses;
    const set = new Uint8Array(table.size);
    for (let slot = 0; slot < set.length; slot++) set[slot] = counts[slot] === 0 ? 0 : 1;
    markPresence(values, set, matched);
    const range = (slot: number) => [ADDRESSES, ADDRESSES + (counts[slot] ?? 0)] as const;
    for (const parts of patternsOf(values)) {
      deadline.check();
      const network = readNetwork(parts.length === 1 ? (parts[0] ?? '') : networkOf(parts));
      if (network === null) table.text.match(parts, range, excluded, matched, deadline);
      else table.addresses.mark(network, matched);
    }
  },
  count: null,
  group: null,
  order: null,
};

/** `10.0.*` is 10.0.0.0/16: numbers compare faster than text. */
function networkOf([first = '', ...rest]: readonly string[]): string {
  if (rest.length !== 1 || rest[0] !== '' || !/^(\d{1,3}\.){1,3}$/.test(first)) return '';
  const bytes = first.split('.').slice(0, -1);
  return `${[...bytes, '0', '0', '0'].slice(0, 4).join('.')}/${8 * bytes.length}`;
}
