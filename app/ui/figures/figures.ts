import type { Figures } from '#lib/api/stack.ts';
import { count } from '../text/format.ts';

export type FigureKey = keyof Figures;

/** The five capacities from the ground up: what each is, and whose. */
export const FIGURES: readonly { key: FigureKey; label: string; means: string; rows: string; row: string }[] = [
  {
    key: 'physical',
    label: 'Physical',
    means: 'What the hardware below hypervisors has',
    rows: 'hypervisors',
    row: 'hypervisor',
  },
  {
    key: 'provisioned',
    label: 'Provisioned',
    means: 'What VMs were given, terminated ones left out',
    rows: 'VMs',
    row: 'VM',
  },
  {
    key: 'allocatable',
    label: 'Allocatable',
    means: 'What nodes and container hosts can give to containers',
    rows: 'nodes and hosts',
    row: 'node or host',
  },
  {
    key: 'requested',
    label: 'Requested',
    means: 'What running containers ask for',
    rows: 'containers',
    row: 'container',
  },
  { key: 'used', label: 'Used', means: 'What is measured', rows: 'resources', row: 'resource' },
];

export const rowsOf = (key: FigureKey, n: number): string => {
  const figure = FIGURES.find((one) => one.key === key);
  return `${count(n)} ${(n === 1 ? figure?.row : figure?.rows) ?? ''}`;
};
