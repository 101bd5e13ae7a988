import type { Item } from '#lib/api/resources.ts';

/** The capacities of a selection by the plainest code, machine by machine: what counts is said once for each figure. */

export interface PlainFigure {
  cpu: number | null;
  memory: number | null;
  counted: number;
  unknown: number;
}

type Said = { cpu: number | null; memory: number | null };
const NOTHING: Said = { cpu: null, memory: null };

const says = ({ cpu, memory }: Said): boolean => cpu !== null || memory !== null;
const add = (sum: number | null, amount: number | null) => (amount === null ? sum : (sum ?? 0) + amount);

/**
 * @param machines all rows of each machine, in order of precedence
 * @param isIn whether a row is in the selection
 */
export function plainFigures(machines: readonly (readonly Item[])[], isIn: (item: Item) => boolean) {
  const figure = (): PlainFigure => ({ cpu: null, memory: null, counted: 0, unknown: 0 });
  const figures = { physical: figure(), provisioned: figure(), allocatable: figure(), requested: figure() };
  const count = (to: PlainFigure, said: readonly Said[]) => {
    const best = said.find(says);
    if (best === undefined) {
      if (said.length > 0) to.unknown++;
      return;
    }
    to.counted++;
    to.cpu = add(to.cpu, best.cpu);
    to.memory = add(to.memory, best.memory);
  };
  const gives = ({ allocatable, kind }: Item) => kind === 'host' && says(allocatable ?? NOTHING);
  const isLent = (members: readonly Item[]) =>
    members.some(({ kind, host }) => {
      const below = machines.find(([head]) => head?.machine === host?.machine);
      return kind === 'container' && host !== null && (below ?? []).some((row) => isIn(row) && gives(row));
    });
  for (const members of machines) {
    const rows = members.filter(isIn);
    const hosts = rows.filter(({ kind }) => kind === 'host');
    const vms = rows.filter(({ kind, state }) => kind === 'vm' && state !== 'terminated');
    const containers = rows.filter(({ kind, state }) => kind === 'container' && state === 'running');
    const hardware = hosts.map(({ physical }) => physical ?? NOTHING).filter(says);
    count(
      figures.provisioned,
      vms.map(({ vcpus, memory }) => ({ cpu: vcpus, memory })),
    );
    count(
      figures.requested,
      containers.map(({ requests }) => requests ?? NOTHING),
    );
    if (!members.some(({ kind }) => kind === 'vm')) count(figures.physical, hardware);
    if (isLent(members)) continue;
    const hypervisor = (item: Item) => !gives(item) && says(item.physical ?? NOTHING);
    count(
      figures.allocatable,
      hosts.filter((item) => !hypervisor(item)).map(({ allocatable }) => allocatable ?? NOTHING),
    );
  }
  return figures;
}
