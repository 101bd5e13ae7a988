import { digits, hex, mix, textHash, unit, uuid } from '../time/hash.ts';
import { type Account, CLOUDS, type Cloud, type Cluster, type Place } from '../types/types.ts';
import type { IncusCluster } from '../types/types-incus.ts';
import type { LibvirtHost } from '../types/types-libvirt.ts';
import type { OpenStackCloud } from '../types/types-openstack.ts';
import type { Laptop } from '../types/types-virtualbox.ts';
import type { Desk } from '../types/types-workstation.ts';
import type { Accounts, Draft } from './draft.ts';
import { ACCOUNT_NAMES, FAULTY, ORGANISATION, REGIONS, ZONES } from './names.ts';
import { makeClusters } from './plan-clusters.ts';
import { type DockerSeat, makeDockerHosts } from './plan-docker.ts';
import { makeIncusClusters } from './plan-incus.ts';
import { makeLibvirtHosts } from './plan-libvirt.ts';
import { makeOpenStack } from './plan-openstack.ts';
import { makeLabCluster, makeLaptops } from './plan-virtualbox.ts';
import { makeDesks } from './plan-workstation.ts';

/** The part of the fleet that does not change: accounts, regions, clusters, hosts and how many slots each has. */
export interface Plan {
  seed: number;
  resources: number;
  faults: boolean;
  accounts: Readonly<Record<Cloud, readonly Account[]>>;
  clusters: readonly Cluster[];
  openstack: OpenStackCloud;
  /** Running number of the first slot of OpenStack's projects. */
  serverOffset: number;
  libvirt: readonly LibvirtHost[];
  docker: readonly DockerSeat[];
  incus: readonly IncusCluster[];
  laptops: readonly Laptop[];
  desks: readonly Desk[];
  /** Rows that should change in a minute. */
  changesPerMinute: number;
  /** Machine slots and containers in all. */
  machines: number;
  containers: number;
}

const SHARES = { aws: 0.45, gcp: 0.28, azure: 0.27 } as const;
// Of all resources. Servers of OpenStack's clusters come on top.
const CONTAINER_SHARE = 0.55;
const OPENSTACK_SHARE = 0.06;
const LIBVIRT_SHARE = 0.025;
const DOCKER_SHARE = 0.04;
// On top of them.
const INCUS_SHARE = 0.015;
const CONTAINERS_PER_NODE = 24;

type OpenAccount = Account & { cloud: Cloud; places: Place[] };

export function makePlan(seed: number, resources: number, faults: boolean): Plan {
  const containers = Math.round(resources * CONTAINER_SHARE);
  const nodes = Math.max(1, Math.round(containers / CONTAINERS_PER_NODE));
  const own = Math.max(2, Math.round(resources * OPENSTACK_SHARE));
  const onLibvirt = Math.round(resources * LIBVIRT_SHARE);
  const onDocker = Math.round(resources * DOCKER_SHARE);
  // A node is two rows, a VM and a host.
  const standalone = Math.max(3, resources - containers - 2 * nodes - own - onLibvirt - onDocker);
  const hypervisors = Math.max(1, Math.round(own / 15));
  const slots = (cloud: keyof typeof SHARES): number => Math.round(standalone * SHARES[cloud]);
  const accounts: Accounts = {
    aws: makeAccounts(seed, 'aws', slots('aws'), faults),
    gcp: makeAccounts(seed, 'gcp', slots('gcp'), faults),
    azure: makeAccounts(seed, 'azure', slots('azure'), faults),
    openstack: makeAccounts(seed, 'openstack', own - hypervisors, faults),
  };
  const places: Draft<Place>[] = CLOUDS.flatMap((cloud) => accounts[cloud].flatMap((account) => account.places));
  const clusters = makeClusters({ seed, resources, nodes, containers, accounts });
  const laptops = makeLaptops(seed, resources);
  const lab = makeLabCluster(seed, clusters.length, laptops);
  const docker = makeDockerHosts({ seed, budget: onDocker, places, clusters, lab });
  let offset = 0;
  for (const [number, place] of places.entries()) {
    place.number = number;
    place.offset = offset;
    offset += place.slots;
  }
  const openstack = makeOpenStack({ seed, faults, hypervisors, projects: accounts.openstack });
  return {
    seed,
    resources,
    faults,
    accounts,
    clusters: lab ? [...clusters, lab] : clusters,
    openstack,
    serverOffset: accounts.openstack[0]?.places[0]?.offset ?? 0,
    libvirt: makeLibvirtHosts({ seed, resources, budget: onLibvirt, openstack }),
    docker,
    incus: makeIncusClusters({ seed, budget: Math.round(resources * INCUS_SHARE) }),
    laptops,
    desks: makeDesks(seed, resources),
    changesPerMinute: Math.min(300, Math.max(3, resources * 0.0075)),
    machines: standalone + nodes + own - hypervisors,
    containers,
  };
}

function makeAccounts(seed: number, cloud: Cloud, slots: number, faults: boolean): Account[] {
  const count = slots < 40 ? 1 : Math.max(slots < 120 ? 2 : 3, Math.round(Math.sqrt(slots) / 10));
  const regions = slots < 40 ? 1 : slots < 2000 ? 3 : 6;
  const accounts: OpenAccount[] = [];
  const places: Draft<Place>[] = [];
  for (let index = 0; index < count; index++) {
    const account = makeAccount(seed, cloud, index, index);
    for (const region of REGIONS[cloud].slice(0, regions)) places.push(addPlace(account, region, null));
    accounts.push(account);
  }
  share(places, slots, seed);
  if (faults) addFaults(seed, cloud, accounts, Math.max(1, Math.round(slots / 100)));
  return accounts;
}

function makeAccount(seed: number, cloud: Cloud, index: number, role: number): OpenAccount {
  const key = [seed, textHash(cloud), 1, index];
  const round = Math.floor(role / ACCOUNT_NAMES.length);
  const name = `${ACCOUNT_NAMES[role % ACCOUNT_NAMES.length]?.[0]}${round > 0 ? `-${round + 1}` : ''}`;
  const id = {
    aws: () => digits(12, key),
    gcp: () => `${ORGANISATION}-${name}-${hex(4, key)}`,
    azure: () => uuid(key),
    openstack: () => hex(32, key),
  };
  return { cloud, index, id: id[cloud](), name, places: [] };
}

function addPlace(account: OpenAccount, region: string, fault: Place['fault']): Draft<Place> {
  const zones = ZONES[account.cloud](region);
  const place: Place = { account, number: 0, offset: 0, region, zones, slots: 0, staticVms: 0, clusters: [], fault };
  account.places.push(place);
  return place;
}

/** Splits the slots over the places unevenly, to the last one. */
function share(places: Draft<Place>[], slots: number, seed: number): void {
  const weights = places.map((place, i) => 0.4 + unit(mix(seed, i, textHash(place.region))));
  const total = weights.reduce((a, b) => a + b, 0);
  let sum = 0;
  let given = 0;
  for (const [i, place] of places.entries()) {
    sum += weights[i] ?? 0;
    const upTo = Math.round((slots * sum) / total);
    place.slots = upTo - given;
    given = upTo;
  }
}

function addFaults(seed: number, cloud: Cloud, accounts: OpenAccount[], some: number): void {
  const last = accounts.at(-1);
  if (!last) return;
  if (cloud === 'aws') addPlace(last, FAULTY.denied, 'denied');
  if (cloud === 'gcp') addPlace(last, FAULTY.unreachable, 'unreachable').slots = some;
  if (cloud === 'azure') {
    const account = makeAccount(seed, cloud, accounts.length, ACCOUNT_NAMES.length - 1);
    addPlace(account, FAULTY.throttled, 'throttled').slots = some;
    accounts.push(account);
  }
}
