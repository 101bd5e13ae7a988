import { mix, pick, uuid } from '../time/hash.ts';
import type { Cluster, Place } from '../types/types.ts';
import type { Laptop } from '../types/types-virtualbox.ts';
import type { Draft } from './draft.ts';
import { DOMAIN } from './names.ts';
import { SIZES } from './sizes.ts';

/** Rows of VirtualBox for each of the fleet; on top of its size. */
const SHARE = 0.012;
const MOST_ROWS = 4000;
const EACH = 8;
/** The first is what the team builds on. */
const MOST_VMS = 40;

/** VMs of the first laptop, by number, in which an engine runs and a cluster of one node; where it has so many. */
export const LAB = { docker: 1, cluster: 2 } as const;

const USERS = ['ada', 'grace', 'linus', 'margaret', 'dennis', 'barbara'];

/** Developers' machines with VirtualBox, each with the VMs of one user. */
export function makeLaptops(seed: number, resources: number): Laptop[] {
  const rows = Math.min(MOST_ROWS, Math.max(2, Math.round(resources * SHARE)));
  const first = Math.max(1, Math.min(MOST_VMS, Math.round(rows / 2) - 1));
  const laptops: Laptop[] = [];
  const add = (size: number): void => {
    const index = laptops.length;
    const cpus = pick(mix(seed, 21, index), [8, 12, 16]);
    laptops.push({
      index,
      hostname: `laptop-${String(index + 1).padStart(2, '0')}.${DOMAIN}`,
      user: pick(mix(seed, 22, index), USERS),
      cpus,
      memory: cpus * 4096,
      size,
    });
  };
  add(first);
  for (let left = rows - first - 1; left > 1; left -= EACH + 1) add(Math.min(EACH, left - 1));
  return laptops;
}

/**
 * k3s on Docker (`k3s server --docker`) in a VM of the first laptop: its node says the UUID of the VM, its engine has the containers of its
 * pods. Null where the laptop has no such VM.
 */
export function makeLabCluster(seed: number, index: number, [laptop]: readonly Laptop[]): Cluster | null {
  const [size] = SIZES.virtualbox;
  if (!laptop || !size || laptop.size <= LAB.cluster) return null;
  const { hostname, user } = laptop;
  const place: Draft<Place> = {
    account: { cloud: 'virtualbox', index: 0, id: `${hostname}/${user}`, name: hostname, places: [] },
    number: 0,
    offset: 0,
    region: hostname,
    zones: [hostname],
    slots: 1,
    staticVms: 0,
    clusters: [],
    fault: null,
  };
  const cluster: Cluster = {
    index,
    name: 'k3s-lab',
    uid: uuid([seed, 4, index]),
    cloud: 'virtualbox',
    place,
    version: 'v1.35.4+k3s1',
    nodes: 1,
    pools: [{ name: 'lab', spot: false, size }],
    budget: 12,
    anomalies: new Map([[0, { docker: true }]]),
    staleNodes: [],
    reserved: 0,
    virtualMachines: 0,
  };
  place.clusters = [cluster];
  return cluster;
}
