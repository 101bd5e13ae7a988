import { digits, hex, mix, pick, textHash, unit, uuid } from './hash.ts';
import { ACCOUNT_NAMES, FAULTY, ORGANISATION, REGIONS, ZONES } from './names.ts';
import { nodeSizes } from './sizes.ts';
import {
  type Account,
  CLOUDS,
  type Cloud,
  type Cluster,
  type EnvironmentName,
  type Place,
  type Pool,
} from './types.ts';

/** The part of the fleet that does not change: accounts, regions, clusters and how many slots each has. */
export interface Plan {
  seed: number;
  resources: number;
  faults: boolean;
  accounts: Readonly<Record<Cloud, readonly Account[]>>;
  clusters: readonly Cluster[];
  /** Rows that should change in a minute. */
  changesPerMinute: number;
  /** Machine slots and containers in all. */
  machines: number;
  containers: number;
}

const SHARES: Readonly<Record<Cloud, number>> = { aws: 0.45, gcp: 0.28, azure: 0.27 };
const CONTAINER_SHARE = 0.6;
const CONTAINERS_PER_NODE = 24;

type OpenAccount = Account & { places: Place[] };
type Draft<T> = { -readonly [K in keyof T]: T[K] };

export function makePlan(seed: number, resources: number, faults: boolean): Plan {
  const containers = Math.round(resources * CONTAINER_SHARE);
  const nodes = Math.max(1, Math.round(containers / CONTAINERS_PER_NODE));
  // A node is two rows, a VM and a host.
  const standalone = Math.max(3, resources - containers - 2 * nodes);
  const accounts = {
    aws: makeAccounts(seed, 'aws', standalone, faults),
    gcp: makeAccounts(seed, 'gcp', standalone, faults),
    azure: makeAccounts(seed, 'azure', standalone, faults),
  };
  const places: Draft<Place>[] = CLOUDS.flatMap((cloud) => accounts[cloud].flatMap((account) => account.places));
  for (const [number, place] of places.entries()) place.number = number;
  return {
    seed,
    resources,
    faults,
    accounts,
    clusters: makeClusters(seed, nodes, containers, accounts),
    changesPerMinute: Math.min(300, Math.max(3, resources * 0.0075)),
    machines: standalone + nodes,
    containers,
  };
}

/** What an account is for; machines in it mostly have this environment. */
export const environmentOf = (account: Account): EnvironmentName =>
  ACCOUNT_NAMES[account.index % ACCOUNT_NAMES.length]?.[1] ?? 'prod';

function makeAccounts(seed: number, cloud: Cloud, standalone: number, faults: boolean): Account[] {
  const slots = Math.round(standalone * SHARES[cloud]);
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
  };
  return { cloud, index, id: id[cloud](), name, places: [] };
}

function addPlace(account: OpenAccount, region: string, fault: Place['fault']): Draft<Place> {
  const zones = ZONES[account.cloud](region);
  const place: Place = { account, number: 0, region, zones, slots: 0, clusters: [], fault };
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

function addFaults(seed: number, cloud: Cloud, accounts: OpenAccount[], few: number): void {
  const last = accounts.at(-1);
  if (!last) return;
  if (cloud === 'aws') addPlace(last, FAULTY.denied, 'denied');
  if (cloud === 'gcp') addPlace(last, FAULTY.unreachable, 'unreachable').slots = few;
  if (cloud === 'azure') {
    const account = makeAccount(seed, cloud, accounts.length, ACCOUNT_NAMES.length - 1);
    addPlace(account, FAULTY.throttled, 'throttled').slots = few;
    accounts.push(account);
  }
}

function makeClusters(seed: number, nodes: number, containers: number, accounts: Plan['accounts']): Cluster[] {
  const count = Math.max(1, Math.round(Math.sqrt(nodes) / 2.4));
  const clusters: Cluster[] = [];
  for (let index = 0; index < count; index++) {
    const cloud = CLOUDS[index % CLOUDS.length] ?? 'aws';
    const account = accounts[cloud][(index + Math.floor(index / CLOUDS.length)) % accounts[cloud].length];
    const healthy = account?.places.filter((place) => place.fault === null) ?? [];
    const place: Draft<Place> = pick(
      mix(seed, 2, index),
      healthy.length > 0 ? healthy : (accounts[cloud][0]?.places ?? []),
    );
    const upTo = (i: number) => Math.round((nodes * i) / count);
    const size = Math.max(1, upTo(index + 1) - upTo(index));
    const cluster: Cluster = {
      index,
      name: `${environmentOf(place.account)}-${place.region}-${index + 1}`,
      uid: uuid([seed, 4, index]),
      cloud,
      place,
      version: pick(mix(seed, 5, index), ['v1.33.6', 'v1.34.3', 'v1.35.4', 'v1.35.4', 'v1.36.1']),
      nodes: size,
      pools: makePools(cloud),
      budget: Math.round((containers * size) / nodes),
    };
    place.clusters = [...place.clusters, cluster];
    place.slots += size;
    clusters.push(cluster);
  }
  return clusters;
}

function makePools(cloud: Cloud): Pool[] {
  const [small, large] = nodeSizes(cloud);
  if (!small || !large) throw new RangeError('no node sizes');
  return [
    { name: 'general', spot: false, size: small },
    { name: 'memory', spot: false, size: large },
    { name: 'spot', spot: true, size: small },
  ];
}
