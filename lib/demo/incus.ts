import { threeBytes } from './plan/addresses.ts';
import { SERVICES } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import { chance, hex, mix, pick, textHash, uuid } from './time/hash.ts';
import { makeSchedule, type Schedule, type Turn, turnOf } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { IncusCluster, IncusInstance, IncusStatus } from './types/types-incus.ts';

/** Longest time for which one turn of an instance goes on changing it. */
export const INCUS_EVENT_MS = 120_000;

/** A cluster with the turn order of its instances. */
export interface ClusterSchedule {
  cluster: IncusCluster;
  key: readonly number[];
  schedule: Schedule;
}

export function clusterScheduleOf(plan: Plan, cluster: IncusCluster): ClusterSchedule {
  const key = [plan.seed, textHash('incus'), cluster.index];
  const perMinute = (plan.changesPerMinute / 8) * (cluster.size / plan.machines);
  return { cluster, key, schedule: makeSchedule(cluster.size, 60_000 / Math.max(perMinute, 1e-6), mix(...key)) };
}

const PROJECTS = ['default', 'default', 'shop', 'lab'];
const IMAGES = [
  { os: 'Debian', release: 'trixie', description: 'Debian trixie amd64 (cloud)' },
  { os: 'Ubuntu', release: 'noble', description: 'Ubuntu noble amd64 (cloud)' },
  { os: 'Alpine', release: '3.22', description: 'Alpine 3.22 amd64 (default)' },
];
const OF_VM = { cpu: ['1', '2', '4', null], memory: ['2GiB', '4GiB', '8GiB', null] };
const OF_CONTAINER = { cpu: ['1', '2', '0-3', null], memory: ['512MiB', '1GiB', '1GB', '5%', null] };

interface Condition {
  status: IncusStatus;
  stateful: boolean;
  used: boolean;
}
/** How long one had run, at least, that is stopped with its turn. */
const HOURS_MS = 6 * 3_600_000;

const RUNNING: Condition = { status: 'Running', stateful: false, used: true };
const STOPPED: Condition = { status: 'Stopped', stateful: false, used: true };

// So that a small cluster shows every state; the others run.
const CONDITIONS: ReadonlyMap<number, Condition> = new Map<number, Condition>([
  [2, { status: 'Frozen', stateful: false, used: true }],
  [5, STOPPED],
  [8, { status: 'Ready', stateful: false, used: true }],
  [11, { status: 'Stopped', stateful: false, used: false }],
  [14, { status: 'Stopped', stateful: true, used: true }],
  [17, { status: 'Error', stateful: false, used: true }],
]);

/** The instances of a cluster, by project and name. */
export function* instancesOf(clusterSchedule: ClusterSchedule, now: number): Generator<IncusInstance> {
  for (let index = 0; index < clusterSchedule.cluster.size; index++) yield instance(clusterSchedule, index, now);
}

function instance({ cluster, key: ofCluster, schedule }: ClusterSchedule, index: number, now: number): IncusInstance {
  const key = [...ofCluster, index];
  const turn = turnOf(schedule, index, now);
  const service = pick(mix(...key, 1), SERVICES);
  const vm = index % 3 === 1;
  const id = uuid([...key, 2]);
  const { status, stateful, used, since } = conditionOf(index, turn, key, now);
  const member = cluster.members[index % cluster.members.length];
  if (!member) throw new RangeError('a cluster without members');
  const image = pick(mix(...key, 3), IMAGES);
  const limits = vm ? OF_VM : OF_CONTAINER;
  const running = status === 'Running' || status === 'Ready' || status === 'Frozen';
  const createdAt = Date.parse('2026-03-02T08:00:00Z') + (mix(...key, 4) % 15_000_000) * 1000;
  return {
    cluster,
    member,
    name: `${service.name}-${index}`,
    project: pick(mix(...key, 5), PROJECTS),
    type: vm ? 'virtual-machine' : 'container',
    status,
    stateful,
    uuid: id,
    mac: `10:66:6a:${threeBytes(cluster.index * 65_536 + index)}`,
    address: running ? `10.42.${1 + Math.floor(index / 240)}.${10 + (index % 240)}` : null,
    createdAt,
    startedAt: used ? Math.max(createdAt + 60_000, since) : null,
    // The first container says its memory as a part of its host's.
    limits: { cpu: pick(mix(...key, 6), limits.cpu), memory: index === 0 ? '5%' : pick(mix(...key, 7), limits.memory) },
    privileged: !vm && chance(mix(...key, 8), 0.08),
    nesting: !vm && chance(mix(...key, 9), 0.2),
    profiles: chance(mix(...key, 10), 0.3) ? ['default', service.team] : ['default'],
    image: { ...image, fingerprint: hex(64, [textHash(image.description)]) },
    tags: [
      ['team', service.team],
      ['service', service.name],
    ],
    snapshots: mix(...key, 11) % 3,
    secret: secretOf(id),
  };
}

/** @returns with `since` the time of its last start, 0 for soon after it was made */
function conditionOf(index: number, turn: Turn, key: readonly number[], now: number): Condition & { since: number } {
  const still = CONDITIONS.get(index % 19);
  if (still) return { ...still, since: 0 };
  // With its turn it is started anew, which takes a while where it is a person who does it.
  const slow = chance(mix(...key, 12, turn.epoch), 0.6);
  if (slow && now - turn.at < INCUS_EVENT_MS) return { ...STOPPED, since: turn.at - HOURS_MS };
  return { ...RUNNING, since: slow ? turn.at + INCUS_EVENT_MS : turn.at };
}

/** What may differ while the instance stays the same. */
export const incusPrint = ({ status, stateful, startedAt, address, limits }: IncusInstance): string =>
  JSON.stringify([status, stateful, startedAt, address, limits]);
