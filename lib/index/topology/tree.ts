import { GONE } from '../columns/columns.ts';
import type { Table } from '../columns/table.ts';
import type { Order } from '../order/order.ts';
import { radixSort } from '../order/radix.ts';

/**
 * The rows of a selection as a tree of machines, all by the slot that stands for a machine. A machine is in the tree if one of its
 * rows is selected or something is that stands on it, so that everything selected is reached from a root.
 */
export class Tree {
  readonly #table: Table;
  /** By name. */
  readonly #roots: Uint32Array;
  /** Selected rows of the machine itself. */
  readonly own: Uint32Array;
  /** Selected rows on the machine, all the way up, its own left out. */
  readonly above: Uint32Array;
  /** Machines in the tree directly on the machine. */
  readonly children: Uint32Array;

  constructor(excluded: Uint8Array, table: Table) {
    const { size, links, derived } = table;
    const { heads } = links;
    const { hostHeads, nestedHosts } = derived;
    const [own, above, children] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
    for (let slot = 0; slot < size; slot++) {
      if (excluded[slot] !== 0) continue;
      const head = heads[slot] ?? slot;
      own[head] = (own[head] ?? 0) + 1;
      const host = hostHeads[slot] ?? GONE;
      if (host !== GONE) above[host] = (above[host] ?? 0) + 1;
    }
    for (let i = nestedHosts.length - 1; i >= 0; i--) {
      const slot = nestedHosts[i] ?? GONE;
      const host = hostHeads[slot] ?? GONE;
      above[host] = (above[host] ?? 0) + (above[slot] ?? 0);
    }
    const isRoot = new Uint8Array(size);
    let count = 0;
    for (let slot = 0; slot < size; slot++) {
      // Only slots that stand for a machine have figures.
      if (own[slot] === 0 && above[slot] === 0) continue;
      const host = hostHeads[slot] ?? GONE;
      if (host === GONE) {
        isRoot[slot] = 1;
        count++;
      } else children[host] = (children[host] ?? 0) + 1;
    }
    this.#table = table;
    this.#roots = rootsOf(isRoot, count, derived.roots);
    this.own = own;
    this.above = above;
    this.children = children;
  }

  has(head: number): boolean {
    return this.own[head] !== 0 || this.above[head] !== 0;
  }

  /** Machines in the tree that run on nothing. */
  roots(order: Order): Uint32Array {
    return ordered(this.#roots, order);
  }

  /** Machines of the tree directly on one. */
  on(head: number, order: Order): Uint32Array {
    const { links, byName } = this.#table;
    const found = new Set<number>();
    for (const slot of links.stack.guests(head)) {
      const guest = links.heads[slot] ?? slot;
      if (this.has(guest)) found.add(guest);
    }
    const places = byName.places();
    return ordered(Uint32Array.from([...found].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))), order);
  }
}

function rootsOf(isRoot: Uint8Array, count: number, all: Uint32Array): Uint32Array {
  if (count === all.length) return all;
  const roots = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < all.length; i++) {
    const slot = all[i] ?? 0;
    if (isRoot[slot] === 1) roots[at++] = slot;
  }
  return roots;
}

/** @param byName as an order ties */
function ordered(byName: Uint32Array, { keys, sort }: Pick<Order, 'keys' | 'sort'>): Uint32Array {
  if (keys !== null) return radixSort(byName, keys.words(byName));
  return sort.descending ? byName.toReversed() : byName;
}
