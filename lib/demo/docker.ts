import { SERVICES } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import { below, chance, hex, mix, pick, textHash } from './time/hash.ts';
import { makeSchedule, type Schedule, type Turn, timeOf, turnOf } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { Service } from './types/types.ts';
import type { DockerContainer, DockerHost } from './types/types-docker.ts';

const ROUND = 16;
const PROJECTS = ['shop', 'monitoring', 'ci', 'wiki', 'mail'];
const REGISTRY = 'registry.meridian.example';

/** An engine that people or a swarm use, with the turn order of its containers. */
export interface Dock {
  host: DockerHost;
  key: readonly number[];
  schedule: Schedule;
}

export function dockOf(plan: Plan, host: DockerHost): Dock {
  const key = [plan.seed, textHash('docker'), host.index];
  const perMinute = (plan.changesPerMinute / 8) * (host.size / plan.machines);
  return { host, key, schedule: makeSchedule(host.size, 60_000 / Math.max(perMinute, 1e-6), mix(...key)) };
}

type Condition = Pick<DockerContainer, 'state' | 'exitCode' | 'oomKilled' | 'error'>;
/** Longest time for which one turn of a container goes on changing it. */
export const DOCK_EVENT_MS = 30_000;
const START_MS = 1500;

const RUNNING: Condition = { state: 'running', exitCode: 0, oomKilled: false, error: '' };

const CREATED: Condition = { state: 'created', exitCode: 0, oomKilled: false, error: '' };

// So that a few hosts together show every state; the others run.
const CONDITIONS: ReadonlyMap<number, Condition> = new Map<number, Condition>([
  [1, { state: 'exited', exitCode: 137, oomKilled: true, error: '' }],
  [3, { state: 'paused', exitCode: 0, oomKilled: false, error: '' }],
  [5, { state: 'exited', exitCode: 0, oomKilled: false, error: '' }],
  [7, { state: 'restarting', exitCode: 1, oomKilled: false, error: '' }],
  [9, CREATED],
  [11, { state: 'exited', exitCode: 137, oomKilled: false, error: '' }],
  [13, { state: 'exited', exitCode: 2, oomKilled: false, error: '' }],
  [
    15,
    {
      state: 'created',
      exitCode: 127,
      oomKilled: false,
      error:
        'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/usr/local/bin/serve": stat /usr/local/bin/serve: no such file or directory: unknown',
    },
  ],
]);

/** The containers of an engine that no kubelet uses. */
export function* containersOf(dock: Dock, now: number): Generator<DockerContainer> {
  for (let index = 0; index < dock.host.size; index++) yield makeContainer(dock, index, now);
}

/** Every other turn, about, a running container is made anew; in 16 turns at least once. */
function isNew(key: readonly number[], index: number, epoch: number): boolean {
  return (epoch + index) % ROUND === 0 || chance(mix(...key, 1, epoch), 0.5);
}

function makeContainer({ host, key: hostKey, schedule }: Dock, index: number, now: number): DockerContainer {
  const key = [...hostKey, index];
  const turn = turnOf(schedule, index, now);
  const still = CONDITIONS.get((index + host.index * 3) % 17);
  const birth = still
    ? { epoch: 0, at: turnOf(schedule, index, Date.parse('2026-08-17T06:00:00Z')).at }
    : birthOf(key, index, schedule, turn);
  const restarted = !still && turn.epoch !== birth.epoch;
  const begins = (restarted ? turn.at : birth.at) + START_MS;
  const condition = still ?? (restarted || now >= begins ? RUNNING : CREATED);
  const startedAt = condition.state === 'created' ? null : Math.min(begins, now);
  const id = hex(64, [...key, 2, birth.epoch]);
  const service = pick(mix(...key, 3), SERVICES);
  const over = condition.state === 'exited' || condition.state === 'restarting';
  const up = condition.state === 'running' || condition.state === 'paused';
  const named = namesOf(host, service, index, key, id);
  const hash = mix(...key, 4);
  return {
    host,
    id,
    ...named,
    image: `${REGISTRY}/${service.team}/${service.name}:${1 + (hash % 4)}.${mix(hash, birth.epoch) % 40}`,
    imageId: `sha256:${hex(64, [textHash(service.name), birth.epoch])}`,
    command: `/usr/local/bin/${service.name} --listen :8080`,
    ...condition,
    health: condition.state === 'running' ? healthOf(hash, startedAt ?? now, now) : null,
    restarts: condition.state === 'restarting' ? 12 + (hash % 80) : restarted ? 1 : 0,
    createdAt: birth.at,
    startedAt,
    finishedAt: over && startedAt !== null ? startedAt + 60_000 + below(hash, 3_000_000) : null,
    limits: {
      cpus: chance(mix(hash, 1), 0.4) ? pick(mix(hash, 2), [0.5, 1, 1.5, 2]) : null,
      memory: chance(mix(hash, 3), 0.6) ? pick(mix(hash, 4), [256, 512, 1024, 2048]) : null,
    },
    runtime: chance(mix(hash, 5), 0.04) ? 'runsc' : 'runc',
    networks: [
      {
        name: named.labels['com.docker.compose.project']
          ? `${named.labels['com.docker.compose.project']}_default`
          : 'bridge',
        address: up ? `172.18.${index >> 8}.${2 + (index & 0xff)}` : null,
        mac: up
          ? `02:42:ac:12:${(index >> 8).toString(16).padStart(2, '0')}:${(2 + (index & 0xff)).toString(16).padStart(2, '0')}`
          : null,
      },
    ],
    ports: chance(mix(hash, 6), 0.4) ? [{ private: 8080, public: up ? 18_000 + index : null }] : [],
    pod: null,
    secret: secretOf(id),
  };
}

/** The turn at which a container got its present id. */
function birthOf(key: readonly number[], index: number, schedule: Schedule, turn: Turn): Turn {
  let epoch = turn.epoch;
  while (!isNew(key, index, epoch)) epoch--;
  return { epoch, at: timeOf(schedule, index, epoch) };
}

function healthOf(hash: number, startedAt: number, now: number): DockerContainer['health'] {
  if (chance(mix(hash, 7), 0.5)) return null;
  if (now - startedAt < 20_000) return 'starting';
  return chance(mix(hash, 8), 0.05) ? 'unhealthy' : 'healthy';
}

/** By Compose, by a swarm or by hand. */
function namesOf(
  host: DockerHost,
  service: Service,
  index: number,
  key: readonly number[],
  id: string,
): Pick<DockerContainer, 'name' | 'labels'> {
  const project = pick(
    mix(...host.id.split('-').map((part) => Number.parseInt(part.slice(0, 8), 16)), index >> 2),
    PROJECTS,
  );
  if (host.swarm) {
    const task = hex(25, [...key, 5, id.length, textHash(id)]);
    const name = `${project}_${service.name}`;
    return {
      name: `${name}.${index + 1}.${task}`,
      labels: {
        'com.docker.stack.namespace': project,
        'com.docker.swarm.node.id': host.swarm.nodeId,
        'com.docker.swarm.service.id': hex(25, [textHash(name), textHash(host.swarm.clusterId)]),
        'com.docker.swarm.service.name': name,
        'com.docker.swarm.task': '',
        'com.docker.swarm.task.id': task,
        'com.docker.swarm.task.name': `${name}.${index + 1}.${task}`,
      },
    };
  }
  if (chance(mix(...key, 6), 0.25)) return { name: `${service.name}-${index}`, labels: { maintainer: service.team } };
  return {
    name: `${project}-${service.name}-${index + 1}`,
    labels: {
      'com.docker.compose.project': project,
      'com.docker.compose.service': service.name,
      'com.docker.compose.container-number': String(index + 1),
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.working_dir': `/srv/${project}`,
      'com.docker.compose.version': '2.40.3',
      team: service.team,
    },
  };
}

/** What may differ while the container stays the same. */
export const dockerPrint = (c: DockerContainer): string =>
  JSON.stringify([c.state, c.exitCode, c.health, c.restarts, c.startedAt, c.finishedAt]);
