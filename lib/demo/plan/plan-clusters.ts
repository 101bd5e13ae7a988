import { mix, pick, uuid } from '../time/hash.ts';
import { plantAnomalies } from '../truth/anomalies.ts';
import type { Cloud, Cluster, Place, Pool } from '../types/types.ts';
import { type Accounts, type Draft, few } from './draft.ts';
import { environmentOf } from './names.ts';
import { nodeSizes } from './sizes.ts';

interface Wanted {
  seed: number;
  resources: number;
  nodes: number;
  containers: number;
  accounts: Accounts;
}

/** Deploys and runs of jobs add to what a cluster is planned to hold. */
const RESTING = 0.96;

const BIG_THREE = ['aws', 'gcp', 'azure'] as const;

/** Clusters of the three public clouds in turn; from the size on at which conflicts are planted, OpenStack's and one of Autopilot too. */
export function makeClusters(wanted: Wanted): Cluster[] {
  const { seed, resources, nodes, containers, accounts } = wanted;
  const count = Math.max(1, Math.round(Math.sqrt(nodes) / 2.4));
  const planted = few(resources);
  const autopilot = planted > 0 ? planted + 1 : 0;
  const own = planted > 0 ? Math.max(1, Math.round(count * 0.08)) : 0;
  const clouds: Cloud[] = [
    ...Array.from({ length: Math.max(own > 0 ? 3 : 1, count - own) }, (_, i) => BIG_THREE[i % 3] ?? 'aws'),
    ...Array.from({ length: own }, () => 'openstack' as const),
  ];
  const weights = clouds.map((cloud) => (cloud === 'openstack' ? 0.7 : 1));
  const total = weights.reduce((a, b) => a + b, 0);
  const clusters: Draft<Cluster>[] = [];
  let sum = 0;
  let given = 0;
  for (const [index, cloud] of clouds.entries()) {
    sum += weights[index] ?? 0;
    const upTo = Math.round(((nodes - autopilot) * sum) / total);
    const size = Math.max(1, upTo - given);
    given = upTo;
    clusters.push(makeCluster(seed, index, cloud, placeFor(seed, index, cloud, accounts), size));
  }
  if (autopilot > 0) {
    const place = placeFor(seed, clouds.length, 'gcp', accounts);
    clusters.push({
      ...makeCluster(seed, clouds.length, 'gcp', place, autopilot),
      anomalies: new Map(Array.from({ length: autopilot }, (_, i) => [i, { managed: 'autopilot' as const }])),
    });
  }
  for (const cluster of clusters) cluster.budget = Math.round((RESTING * containers * cluster.nodes) / nodes);
  plantAnomalies(clusters, seed, resources);
  for (const cluster of clusters) {
    const place: Draft<Place> = cluster.place;
    place.clusters = [...place.clusters, cluster];
    place.slots += cluster.nodes;
  }
  return clusters;
}

function placeFor(seed: number, index: number, cloud: Cloud, accounts: Accounts): Place {
  const account = accounts[cloud][(index + Math.floor(index / 3)) % accounts[cloud].length];
  const healthy = account?.places.filter((place) => place.fault === null) ?? [];
  return pick(mix(seed, 2, index), healthy.length > 0 ? healthy : (accounts[cloud][0]?.places ?? []));
}

function makeCluster(seed: number, index: number, cloud: Cloud, place: Place, nodes: number): Draft<Cluster> {
  return {
    index,
    name: `${environmentOf(place.account)}-${place.region.toLowerCase()}-${index + 1}`,
    uid: uuid([seed, 4, index]),
    cloud,
    place,
    version: pick(mix(seed, 5, index), ['v1.33.6', 'v1.34.3', 'v1.35.4', 'v1.35.4', 'v1.36.1']),
    nodes,
    pools: makePools(cloud),
    budget: 0,
    anomalies: new Map(),
    staleNodes: [],
    reserved: 0,
    virtualMachines: 0,
  };
}

function makePools(cloud: Cloud): Pool[] {
  const [small, large] = nodeSizes(cloud);
  if (!small || !large) throw new RangeError('no node sizes');
  return [
    { name: 'general', spot: false, size: small },
    { name: 'memory', spot: false, size: large },
    cloud === 'openstack' ? { name: 'ingress', spot: false, size: small } : { name: 'spot', spot: true, size: small },
  ];
}
