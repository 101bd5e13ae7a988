import { matches } from '#lib/language/grammar/pattern.ts';
import { has, patternsOf, type Snapshot } from '../filter/clause.ts';
import { byCodes } from '../order/order.ts';
import { compareText } from '../order/sorted-keys.ts';
import { countCodes, markCodes } from './codes.ts';
import { namedGroups } from './grouping.ts';
import type { Counted, Kind } from './kind.ts';

/** The state of each row's scope, by the codes of the column of scopes. */
function statesOf({ table, scopes, now }: Snapshot) {
  const { codes, dictionary } = table.codesOf('scope');
  return { codes, states: scopes.statesByCode(dictionary, now) };
}

/** The state of the scope that owns a row, which no row says. */
export const freshness: Kind = {
  storage: null,
  cost: 0,
  moves: 'scopes',
  mark(_, { values }, snapshot, __, matched) {
    const { codes, states } = statesOf(snapshot);
    const patterns = patternsOf(values);
    const allowed = states.map((state) =>
      has(values, 'any') || patterns.some((parts) => matches(parts, state)) ? 1 : 0,
    );
    markCodes(codes, Uint8Array.from(allowed), matched);
  },
  count(_, counting, snapshot) {
    const { codes, states } = statesOf(snapshot);
    return summed(countCodes(counting, codes, states.length), (code) => states[code] ?? '');
  },
  group(_, snapshot) {
    const { codes: scopes, states } = statesOf(snapshot);
    const names = [...new Set(states)];
    const numbers = Uint16Array.from(states, (state) => names.indexOf(state));
    const codes = new Uint16Array(snapshot.table.size);
    for (let slot = 0; slot < codes.length; slot++) codes[slot] = numbers[scopes[slot] ?? 0] ?? 0;
    return namedGroups(codes, names.length, (code) => names[code] ?? '');
  },
  order(sort, snapshot) {
    const { codes, states } = statesOf(snapshot);
    const sorted = [...new Set(states)].sort(compareText);
    const ranks = Uint32Array.from(states, (state) => sorted.indexOf(state));
    return byCodes(sort, snapshot.table.size, codes, ranks, (code) => states[code] ?? '');
  },
};

function summed(counts: Uint32Array, nameOf: (code: number) => string): Counted[] {
  const sums = new Map<string, number>();
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0;
    if (count > 0) sums.set(nameOf(code), (sums.get(nameOf(code)) ?? 0) + count);
  }
  return [...sums].map(([value, count]) => ({ value, count }));
}
