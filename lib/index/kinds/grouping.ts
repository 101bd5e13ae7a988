import { largest } from '../order/largest.ts';
import { compareText } from '../order/sorted-keys.ts';

/** Groups at most; the largest stay. */
const MOST = 1000;

/** Which group each slot is in. A row with several values of one tag key is in the group of the first. */
export interface Grouping {
  codes: Uint16Array | Uint32Array;
  /** Codes are below this. */
  size: number;
  nameOf(code: number): string;
  /** The codes of the groups that are listed, in order, of those that have rows. */
  listed(counts: Uint32Array): number[];
}

/** Groups by their size, then by their names. */
export function namedGroups(codes: Grouping['codes'], size: number, nameOf: (code: number) => string): Grouping {
  const listed = (counts: Uint32Array) => {
    const found: number[] = [];
    for (let code = 0; code < size; code++) if (counts[code] !== 0) found.push(code);
    const compare = (a: number, b: number) => compareText(nameOf(a), nameOf(b));
    return largest(found, { count: (code) => counts[code] ?? 0, compare, most: MOST });
  };
  return { codes, size, nameOf, listed };
}
