/** More groups than this are not all put in order. */
const SORTED = 5000;

export interface Ranking {
  count(group: number): number;
  /** Order of groups of one size. */
  compare(a: number, b: number): number;
  /** The same as a number, where there is one: it orders very many at less cost. */
  place?: ((group: number) => number) | undefined;
  /** Groups wanted at most. */
  most: number;
}

/** The largest groups, in order. Most groups are small: only those that can be among the largest are put in order. */
export function largest(found: readonly number[], { count, compare, place, most }: Ranking): number[] {
  const order = (a: number, b: number): number => count(b) - count(a) || compare(a, b);
  if (found.length <= SORTED) return found.toSorted(order).slice(0, most);
  const least = countAt(most, found, count);
  const larger: number[] = [];
  let ties: number[] = [];
  for (const group of found) {
    const size = count(group);
    if (size > least) larger.push(group);
    else if (size === least) ties.push(group);
  }
  if (place !== undefined && ties.length > SORTED) ties = firstByPlace(ties, place, most);
  return [...larger, ...ties].sort(order).slice(0, most);
}

/** The size of the group that is at a place when they are in order, the largest first. */
function countAt(wanted: number, found: readonly number[], count: (group: number) => number): number {
  let most = 0;
  for (const group of found) most = Math.max(most, count(group));
  const groups = new Uint32Array(most + 1);
  for (const group of found) groups[count(group)] = (groups[count(group)] ?? 0) + 1;
  let size = most;
  for (let left = wanted - (groups[size] ?? 0); left > 0 && size > 0; ) left -= groups[--size] ?? 0;
  return size;
}

/** Those with the lowest places, at least so many. */
function firstByPlace(found: readonly number[], place: (group: number) => number, most: number): number[] {
  const places = Uint32Array.from(found, place);
  let last = 0;
  for (const one of places) last = Math.max(last, one);
  const step = Math.max(1, Math.ceil((last + 1) / SORTED));
  const steps = new Uint32Array(SORTED + 1);
  for (const one of places) steps[Math.floor(one / step)] = (steps[Math.floor(one / step)] ?? 0) + 1;
  let end = 0;
  for (let left = most; left > 0 && end <= SORTED; end++) left -= steps[end] ?? 0;
  return found.filter((_, i) => (places[i] ?? 0) < end * step);
}

/** Sizes that are told apart at once. Groups as large as the last are few. */
const SIZES = 4096;

/**
 * The same of very many groups that lie in an order already: those of one size are told as they come in it.
 * @param counts rows of each group; a group without rows is none
 * @param order of the groups, and the place of each in it
 */
export function largestInOrder(
  counts: Uint32Array,
  { order, places }: { order: Uint32Array; places: Uint32Array },
  most: number,
): number[] {
  const groups = new Uint32Array(SIZES);
  for (let group = 0; group < counts.length; group++) {
    const size = Math.min(SIZES - 1, counts[group] ?? 0);
    groups[size] = (groups[size] ?? 0) + 1;
  }
  let least = SIZES - 1;
  let larger = 0;
  for (; least > 1 && larger + (groups[least] ?? 0) < most; least--) larger += groups[least] ?? 0;
  // The last size is of all that are larger as well: they are all put in order.
  if (least === SIZES - 1) least--;
  const found: number[] = [];
  for (let group = 0; group < counts.length; group++) if ((counts[group] ?? 0) > least) found.push(group);
  found.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (places[a] ?? 0) - (places[b] ?? 0));
  for (let i = 0; i < order.length && found.length < most; i++) {
    const group = order[i] ?? 0;
    if (counts[group] === least) found.push(group);
  }
  return found.slice(0, most);
}
