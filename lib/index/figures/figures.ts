/** Kinds of rows that figures are about. */
export type FigureKind = 'vm' | 'container' | 'host';

/** Which rows are in a figure, and when they are in it no more. */
interface Figure {
  /** Columns with the amounts of each row: cores, and MiB. */
  cpu: string;
  memory: string;
  kind: FigureKind;
  /** Whether a row in this state is in it. */
  hasState(state: string): boolean;
  /**
   * Rows of the kind that do not say how much they have: `in` the figure as unknown, `out` of it, or out where they say the amounts of
   * another figure instead.
   */
  unknown: 'in' | 'out' | { outWhereKnown: FigureName };
  /** No row is in it whose machine has a row of this kind as well. */
  excludes: FigureKind | null;
  /** Rows of this kind are in another figure, but duplicates in this one where they have amounts of it and their machine counts. */
  covers: FigureKind | null;
  /** All rows are duplicates if the machine has a row of this kind, and another machine that this row runs on counts. */
  nestedAs: FigureKind | null;
}

/** The capacities that rows say themselves; they are never mixed. In the order in which they are told. */
export const FIGURE_NAMES = ['physical', 'provisioned', 'allocatable', 'requested'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

/**
 * The rule that a machine counts once: this table, and {@link countedOf}. All that sums or tells figures is made of them. What rows are
 * counted by (how many VMs, containers, hosts, running rows) is no figure: there each row counts.
 */
export const FIGURES: Readonly<Record<FigureName, Figure>> = {
  /** Hypervisors. One that is a VM itself has no hardware of its own. */
  physical: {
    cpu: 'physical.cpu',
    memory: 'physical.memory',
    kind: 'host',
    hasState: () => true,
    unknown: 'out',
    excludes: 'vm',
    covers: null,
    nestedAs: null,
  },
  /** VMs. A node is in no sum of VMs, and a duplicate of the VM that it is. */
  provisioned: {
    cpu: 'vcpus',
    memory: 'memory',
    kind: 'vm',
    hasState: (state) => state !== 'terminated',
    unknown: 'in',
    excludes: null,
    covers: 'host',
    nestedAs: null,
  },
  /** Nodes and container hosts. A hypervisor gives to VMs; a node that is a container gives what the host of the container has. */
  allocatable: {
    cpu: 'allocatable.cpu',
    memory: 'allocatable.memory',
    kind: 'host',
    hasState: () => true,
    unknown: { outWhereKnown: 'physical' },
    excludes: null,
    covers: null,
    nestedAs: 'container',
  },
  requested: {
    cpu: 'requests.cpu',
    memory: 'requests.memory',
    kind: 'container',
    hasState: (state) => state === 'running',
    unknown: 'in',
    excludes: null,
    covers: null,
    nestedAs: null,
  },
};

/**
 * Of a machine's rows in a figure the one that counts: the first that says how much it has, or else the first.
 * @param rows in order of precedence
 */
export const countedOf = (rows: readonly number[], isKnown: (slot: number) => boolean): number | undefined =>
  rows.find(isKnown) ?? rows[0];
