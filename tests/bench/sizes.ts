/** The parts of the bench in their order. */
export const PARTS = ['queries', 'stack', 'listing', 'libvirt', 'virtualbox', 'kills', 'contexts', 'page'] as const;
export type Part = (typeof PARTS)[number];

/** How much the bench works on. */
export interface Size {
  /** Rows of a fleet. */
  resources: number;
  /** Objects of one listing. */
  listed: number;
  /** Domains of one hypervisor. */
  domains: number;
  /** VMs of one VirtualBox. */
  vms: number;
  /** Containers of a Docker Engine. */
  kills: number;
  clusters: { live: number; dead: number };
  /** Runs that a figure is the median or the best of. */
  runs: number;
}

export const FULL: Size = {
  resources: 100_000,
  listed: 50_000,
  domains: 2000,
  vms: 200,
  kills: 200,
  clusters: { live: 100, dead: 200 },
  runs: 3,
};

/** Every part from its start to its end in seconds; the figures mean nothing. */
export const SMALL: Size = {
  resources: 2000,
  listed: 600,
  domains: 20,
  vms: 6,
  kills: 8,
  clusters: { live: 3, dead: 6 },
  runs: 1,
};
