import type { LinkedColumns } from '../columns/linked.ts';

/**
 * What a row is in figures, in one byte: a kind (or none of the three), and bits. `capacity`: the row is in the figure of its kind.
 * `hardware`: it is a host that is no VM. `foldable`: a node that the VM that stands for its machine stands for. `contested`:
 * of several rows of its machine one counts, so each is looked at with the others.
 */
export const ROLE = {
  vm: 1,
  container: 2,
  host: 3,
  kind: 3,
  running: 4,
  capacity: 8,
  hardware: 16,
  foldable: 32,
  contested: 64,
} as const;

/** Values of a role's kind and whether it runs: what rows are counted by. */
export const COUNTED = 8;

const NODE_IN_CONTAINER = (1 << ROLE.container) | (1 << ROLE.host);

export interface Roles {
  /** Bits of {@link ROLE} for each slot. */
  of: Uint8Array;
  /** The rows of each contested machine, in order of standing. */
  contested: readonly (readonly number[])[];
}

/** The roles of all rows as their machines are now. */
export function rolesOf(table: LinkedColumns): Roles {
  const { size, links } = table;
  const kinds = table.codesOf('kind');
  const states = table.codesOf('state');
  const [running, terminated] = [states.dictionary.find('running'), states.dictionary.find('terminated')];
  const kindOf = new Uint8Array(kinds.dictionary.size);
  for (const kind of ['vm', 'container', 'host'] as const) {
    const code = kinds.dictionary.find(kind);
    if (code > 0) kindOf[code] = ROLE[kind];
  }
  const of = new Uint8Array(size);
  for (let slot = 0; slot < size; slot++) {
    const kind = kindOf[kinds.codes[slot] ?? 0] ?? 0;
    const state = states.codes[slot];
    let role = kind;
    if (state === running) role |= ROLE.running;
    if (kind === ROLE.host) role |= ROLE.capacity | ROLE.hardware;
    else if (kind === ROLE.vm) role |= state === terminated ? 0 : ROLE.capacity;
    else if (kind === ROLE.container && state === running) role |= ROLE.capacity;
    of[slot] = role;
  }
  return { of, contested: markMachines(of, table, links.sharing()) };
}

/** Marks what only the other rows of a machine can tell. @returns the contested machines */
function markMachines(of: Uint8Array, table: LinkedColumns, sharing: Uint32Array): number[][] {
  const { heads, stack } = table.links;
  const vcpus = table.numbers('vcpus')?.values;
  const memory = table.numbers('memory')?.values;
  /** By the slot that stands for a machine: a bit for each kind that it has. */
  const kinds = new Uint8Array(of.length);
  const contested = new Set<number>();
  for (const slot of sharing) {
    const head = heads[slot] ?? slot;
    const bit = 1 << ((of[slot] ?? 0) & ROLE.kind);
    if (((kinds[head] ?? 0) & bit) !== 0) contested.add(head);
    kinds[head] = (kinds[head] ?? 0) | bit;
    // A container that is a node gives what its own host has.
    if (((kinds[head] ?? 0) & NODE_IN_CONTAINER) === NODE_IN_CONTAINER) contested.add(head);
  }
  for (const slot of sharing) {
    const head = heads[slot] ?? slot;
    const role = of[slot] ?? 0;
    if (contested.has(head)) of[slot] = role | ROLE.contested;
    else if (((kinds[head] ?? 0) & (1 << ROLE.vm)) !== 0 && (role & ROLE.kind) === ROLE.host) {
      const isKnown = !(Number.isNaN(vcpus?.[slot] ?? Number.NaN) && Number.isNaN(memory?.[slot] ?? Number.NaN));
      of[slot] = (role & ~ROLE.hardware) | (isKnown ? ROLE.foldable : 0);
    }
  }
  return Array.from(contested, (head) => [...stack.members(head)]);
}
