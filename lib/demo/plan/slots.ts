import { chance, type Key, mix, pick, textHash, weighted } from '../time/hash.ts';
import { makeSchedule, type Schedule, type Turn, timeOf, turnOf } from '../time/schedule.ts';
import type { Anomaly, Cluster, EnvironmentName, Place, Pool, Service } from '../types/types.ts';
import { environmentOf, SERVICES } from './names.ts';
import type { Plan } from './plan.ts';

const NODE_SERVICE: Service = { name: 'kubernetes-node', team: 'infrastructure', kind: 'worker' };
/** Machines of one scaling group stand in neighbouring slots. */
const GROUP = 8;
// Every so many turns a replaceable machine is replaced for certain, so that its last replacement is found in a few steps.
const ROUND = 16;

/** What a slot is for; never changes. */
export interface Slot {
  place: Place;
  index: number;
  /** Seed, place and slot. */
  key: Key;
  role: 'single' | 'member' | 'node';
  service: Service;
  environment: EnvironmentName;
  spot: boolean;
  /** Nobody stops or replaces it. */
  staticVm: boolean;
  node: { cluster: Cluster; pool: Pool; index: number } | null;
  /** Of a node that differs from the others. */
  anomaly: Anomaly | null;
  /** Of a member: its group's own key. */
  groupKey: Key;
}

/** A place with its turn order. */
export interface Ground {
  place: Place;
  key: Key;
  schedule: Schedule;
  /** Slots before this are standalone, those after it nodes, cluster by cluster. */
  firstNode: number;
  /** Of an OpenStack cloud: its hypervisors and the running number of its first slot. */
  fabric: { hypervisors: number; offset: number } | null;
}

export function groundOf(plan: Plan, place: Place): Ground {
  const key = [plan.seed, textHash(`${place.account.id}/${place.region}`)];
  const perMinute = (plan.changesPerMinute / 8) * (place.slots / plan.machines);
  const nodes = place.clusters.reduce((sum, cluster) => sum + cluster.nodes, 0);
  return {
    place,
    key,
    schedule: makeSchedule(place.slots, 60_000 / Math.max(perMinute, 1e-6), mix(...key)),
    firstNode: place.slots - nodes,
    fabric:
      place.account.cloud === 'openstack'
        ? { hypervisors: plan.openstack.hypervisors.length, offset: plan.serverOffset }
        : null,
  };
}

/** Slot in the place of a cluster's node. */
export function nodeSlot(ground: Ground, cluster: Cluster, index: number): number {
  let slot = ground.firstNode;
  for (const other of ground.place.clusters) {
    if (other === cluster) return slot + index;
    slot += other.nodes;
  }
  throw new RangeError(`${cluster.name} is not in ${ground.place.region}`);
}

export function slotOf(ground: Ground, index: number): Slot {
  const key = [...ground.key, index];
  const node = index < ground.firstNode ? null : nodeAt(ground, index);
  const block = Math.floor(index / GROUP);
  const groupKey = [...ground.key, 0x9e37, block];
  const openstack = ground.place.account.cloud === 'openstack';
  const firstStaticVm = ground.firstNode - ground.place.staticVms;
  const grouped =
    !node && (block + 1) * GROUP <= firstStaticVm && !(openstack && block === 0) && chance(mix(...groupKey), 0.45);
  const anomaly = node?.cluster.anomalies.get(node.index) ?? null;
  const staticVm = node ? anomaly !== null : index >= firstStaticVm;
  const of = grouped ? groupKey : key;
  const own = environmentOf(ground.place.account);
  return {
    place: ground.place,
    index,
    key,
    role: node ? 'node' : grouped ? 'member' : 'single',
    service: node ? NODE_SERVICE : pick(mix(...of, 1), SERVICES),
    environment: chance(mix(...of, 2), 0.12) ? pick(mix(...of, 3), ['staging', 'dev', 'sandbox'] as const) : own,
    spot: node ? node.pool.spot : !openstack && !staticVm && chance(mix(...of, 4), grouped ? 0.25 : 0.04),
    staticVm,
    node,
    anomaly,
    groupKey,
  };
}

function nodeAt(ground: Ground, slot: number): Slot['node'] {
  let index = slot - ground.firstNode;
  for (const cluster of ground.place.clusters) {
    if (index < cluster.nodes) return { cluster, pool: poolOf(cluster, index), index };
    index -= cluster.nodes;
  }
  throw new RangeError(`slot ${slot} is beyond ${ground.place.region}`);
}

function poolOf(cluster: Cluster, index: number): Pool {
  const pool = cluster.pools[[0, 0, 1, 2][index % 4] ?? 0];
  if (!pool) throw new RangeError('a cluster without pools');
  return pool;
}

export type SlotEvent = 'replace' | 'restart' | 'resize' | 'retag' | 'hibernate' | 'not-ready' | 'cordon' | 'none';

/** What happens to a slot at its turn. */
export function eventOf(slot: Slot, epoch: number): SlotEvent {
  const hash = mix(...slot.key, 7, epoch);
  if (slot.role === 'member') return isForced(slot, epoch) || chance(hash, 0.85) ? 'replace' : 'none';
  if (slot.staticVm) return petEvent(slot, hash);
  if (slot.role === 'node') {
    if (isForced(slot, epoch)) return 'replace';
    const replaced = slot.spot ? 0.6 : 0.15;
    return weighted(hash, [
      [replaced, 'replace'],
      [0.2, 'not-ready'],
      [0.1, 'cordon'],
      [0.7 - replaced, 'none'],
    ]);
  }
  return weighted(hash, [
    [0.5, 'restart'],
    [0.15, 'resize'],
    [0.2, 'retag'],
    [0.05, 'hibernate'],
    [0.1, 'none'],
  ]);
}

const petEvent = (slot: Slot, hash: number): SlotEvent =>
  slot.role === 'node'
    ? weighted(hash, [
        [0.1, 'not-ready'],
        [0.05, 'cordon'],
        [0.85, 'none'],
      ])
    : weighted(hash, [
        [0.3, 'retag'],
        [0.7, 'none'],
      ]);

const isForced = (slot: Slot, epoch: number): boolean => (epoch + slot.index) % ROUND === 0;

/** The latest turn, not after `epoch`, at which one of these events happened; at most 16 turns back. */
export function lastEvent(ground: Ground, slot: Slot, epoch: number, wanted: readonly SlotEvent[]): Turn | null {
  for (let e = epoch; e > epoch - ROUND; e--)
    if (wanted.includes(eventOf(slot, e))) return { epoch: e, at: timeOf(ground.schedule, slot.index, e) };
  return null;
}

/** Which hypervisor of its OpenStack cloud a slot is on. */
export const hypervisorIndex = (ground: Ground, slot: number): number | null =>
  ground.fabric && (ground.place.offset - ground.fabric.offset + slot) % ground.fabric.hypervisors;

/** The last turn of a slot. */
export const slotTurn = (ground: Ground, slot: Slot, now: number): Turn => turnOf(ground.schedule, slot.index, now);
