import { threeBytes } from './plan/addresses.ts';
import { SERVICES } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import { hasDomain } from './servers.ts';
import { chance, hex, mix, pick, textHash, uuid } from './time/hash.ts';
import { makeSchedule, type Schedule, turnOf } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { Domain, DomainState, LibvirtHost } from './types/types-libvirt.ts';
import type { Server } from './types/types-openstack.ts';

/** Longest time for which one turn of a domain goes on changing it. */
export const DOMAIN_EVENT_MS = 180_000;

// Names that people give; virsh prints them as they are.
const ODD_NAMES = ['Windows 11 – Entwicklung', 'win2019 (old)', 'база-данных', '測試機'];
const SYSTEMS = ['http://debian.org/debian/12', 'http://ubuntu.com/ubuntu/24.04', 'http://redhat.com/rhel/9.4', null];

/** A KVM or LXC host with domains of its own, with their turn order. */
export interface Stable {
  host: LibvirtHost;
  key: readonly number[];
  seed: number;
  schedule: Schedule;
}

export function stableOf(plan: Plan, host: LibvirtHost): Stable {
  const key = [plan.seed, textHash('libvirt'), host.index];
  const perMinute = (plan.changesPerMinute / 8) * (host.size / plan.machines);
  return {
    host,
    key,
    seed: plan.seed,
    schedule: makeSchedule(host.size, 60_000 / Math.max(perMinute, 1e-6), mix(...key)),
  };
}

const RUNNING: DomainState = { number: 1, name: 'running', reason: 'booted' };
const PAUSED: DomainState = { number: 3, name: 'paused', reason: 'user' };
const OFF: DomainState = { number: 5, name: 'shut off', reason: 'shutdown' };

// So that a few hosts together show every state; the others run.
const STATES: ReadonlyMap<number, DomainState> = new Map<number, DomainState>([
  [2, PAUSED],
  [4, OFF],
  [6, { number: 5, name: 'shut off', reason: 'crashed' }],
  [8, { number: 7, name: 'pmsuspended', reason: 'unknown' }],
  [10, { number: 6, name: 'crashed', reason: 'panicked' }],
  [12, { number: 3, name: 'paused', reason: 'ioerror' }],
  [14, { number: 5, name: 'shut off', reason: 'destroyed' }],
]);

/** The domains of a host that nothing else manages. */
export function* domainsOf(stable: Stable, now: number): Generator<Domain> {
  for (let index = 0; index < stable.host.size; index++) yield ownDomain(stable, index, now);
}

function ownDomain({ host, key: hostKey, seed, schedule }: Stable, index: number, now: number): Domain {
  const key = [...hostKey, index];
  const container = host.driver === 'lxc';
  const service = pick(mix(...key, 1), SERVICES);
  const odd = !container && index % 11 === 7 ? pick(mix(...key, 2), ODD_NAMES) : null;
  const state = stateOf(host, index, turnOf(schedule, index, now), key, now);
  const twin = index === 0 && host.twin !== null;
  const id = twin ? uuid([seed, 11, host.twin ?? 0]) : uuid(key);
  const vcpus = container ? pick(mix(...key, 3), [1, 2]) : pick(mix(...key, 3), [1, 2, 2, 4, 8]);
  const mac = `${container ? '00:16:3e' : '52:54:00'}:${threeBytes(host.index * 4096 + index)}`;
  const active = isActive(state);
  return {
    host,
    uuid: id,
    name: odd ? `${odd} ${index}` : `${service.name}-${index}`,
    title: chance(mix(...key, 4), 0.3) ? `${service.name} of ${service.team}` : null,
    id: active ? index + 1 : null,
    state,
    vcpus,
    memory: container ? 1024 : vcpus * 2048,
    osType: container ? 'exe' : 'hvm',
    machineType: container ? null : 'pc-q35-9.2',
    osId: container ? null : pick(mix(...key, 5), SYSTEMS),
    arch: 'x86_64',
    interfaces: [
      { mac, network: 'default', address: active ? `192.168.${122 + (host.index % 100)}.${10 + (index % 240)}` : null },
    ],
    server: null,
    secret: secretOf(id),
  };
}

function stateOf(
  host: LibvirtHost,
  index: number,
  turn: { epoch: number; at: number },
  key: readonly number[],
  now: number,
): DomainState {
  const place = (index + host.index * 5) % 19;
  const still = host.driver === 'lxc' && place !== 4 ? undefined : STATES.get(place);
  if (still) return still;
  return chance(mix(...key, 6, turn.epoch), 0.6) && now - turn.at < DOMAIN_EVENT_MS ? OFF : RUNNING;
}

const isActive = (state: DomainState): boolean => state.number !== 5 && state.number !== 6;

const OF_SERVER: Readonly<Partial<Record<Server['status'], DomainState>>> = {
  ACTIVE: RUNNING,
  SHUTOFF: OFF,
  PAUSED,
  // Nova suspends a guest by saving it to disk.
  SUSPENDED: { number: 5, name: 'shut off', reason: 'saved' },
};

/** A server as libvirt on its hypervisor sees it, null where it is not defined there. */
export function domainOfServer(host: LibvirtHost, server: Server): Domain | null {
  if (!hasDomain(server)) return null;
  const { machine } = server;
  const stopping = server.taskState === 'powering-off';
  const state: DomainState = stopping
    ? { number: 4, name: 'in shutdown', reason: 'user' }
    : (OF_SERVER[server.status] ?? RUNNING);
  return {
    host,
    uuid: server.uuid,
    name: server.instanceName,
    title: null,
    id: isActive(state) ? Number.parseInt(hex(4, machine.key), 16) + 1 : null,
    state,
    vcpus: server.flavor.vcpus,
    memory: server.flavor.ram,
    osType: 'hvm',
    machineType: 'pc-q35-9.2',
    osId: null,
    arch: machine.size.arch === 'arm64' ? 'aarch64' : 'x86_64',
    // Nova's bridges tell libvirt no addresses.
    interfaces: [{ mac: machine.mac, network: `qbr${hex(8, machine.key)}`, address: null }],
    server,
    secret: machine.secret,
  };
}

/** What may differ while the domain stays the same. */
export const domainPrint = (domain: Domain): string =>
  JSON.stringify([domain.state, domain.id, domain.vcpus, domain.memory, domain.name]);
