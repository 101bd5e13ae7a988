import { hex, mix, pick, uuid } from '../time/hash.ts';
import type { Cluster, Place } from '../types/types.ts';
import type { Draft } from './draft.ts';

/** A Docker host before it is known what the VM below it is called. */
export interface DockerSeat {
  index: number;
  id: string;
  version: string;
  /** The VM by its number among the static VMs of its place. */
  vm: { place: Place; staticVm: number } | null;
  node: { cluster: Cluster; index: number } | null;
  /** In a VM of VirtualBox. */
  inLab: boolean;
  size: number;
  swarm: { clusterId: string; manager: boolean } | null;
}

interface Wanted {
  seed: number;
  budget: number;
  places: readonly Draft<Place>[];
  clusters: readonly Cluster[];
  /** The cluster in a VM of VirtualBox; its engine comes on top. */
  lab: Cluster | null;
}

/** Rows that a node with cri-dockerd adds, about: its containers, a pause container a pod, itself. */
const ON_NODE = 38;
/** VMs of one swarm. */
const SWARM = 3;

/** Engines: nodes with cri-dockerd, VMs of the clouds (each adds a slot to its place, half of them in swarms), and hardware. */
export function makeDockerHosts({ seed, budget, places, clusters, lab }: Wanted): DockerSeat[] {
  const nodes = clusters.flatMap((cluster) =>
    [...cluster.anomalies].filter(([, anomaly]) => anomaly.docker).map(([index]) => ({ cluster, index })),
  );
  const rest = Math.max(2, budget - nodes.length * ON_NODE);
  const each = Math.min(40, Math.max(8, Math.round(Math.sqrt(rest) * 1.4)));
  const count = Math.max(1, Math.round(rest / (each + 1)));
  const sizes = Array.from({ length: count }, (_, i) =>
    Math.max(1, Math.round((rest * (i + 1)) / count) - Math.round((rest * i) / count) - 1),
  );
  const healthy = places.filter((place) => place.fault === null && place.slots > 0);
  const seats: DockerSeat[] = [];
  const add = (more: Partial<DockerSeat>): void => {
    const index = seats.length;
    const version = pick(mix(seed, 13, index), ['29.1.2', '28.5.2', '27.5.1']);
    seats.push({
      index,
      id: uuid([seed, 12, index]),
      version,
      vm: null,
      node: null,
      inLab: false,
      size: 0,
      swarm: null,
      ...more,
    });
  };
  for (const [i, size] of sizes.entries()) {
    // The first is on hardware, then two of three are VMs.
    if (i % 3 === 0) {
      add({ size });
      continue;
    }
    const vm = i - 1 - Math.floor(i / 3);
    const group = Math.floor(vm / SWARM);
    const place = healthy[mix(seed, 15, group) % healthy.length];
    if (!place) throw new RangeError('no place for a VM');
    const swarm = group % 2 === 0 ? { clusterId: hex(25, [seed, 14, group]), manager: vm % SWARM === 0 } : null;
    add({ size, swarm, vm: { place, staticVm: place.staticVms } });
    place.staticVms++;
    place.slots++;
  }
  // Not the first, which stays on hardware.
  const last = seats.findLast(({ index, vm }) => index > 0 && vm === null);
  if (last) {
    last.inLab = true;
    last.swarm = { clusterId: hex(25, [seed, 14, 999]), manager: true };
  }
  for (const node of nodes) add({ node });
  if (lab) add({ node: { cluster: lab, index: 0 } });
  return seats;
}
