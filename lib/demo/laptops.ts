import { bridgedAddress, threeBytes } from './plan/addresses.ts';
import { SERVICES } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import { chance, mix, pick, textHash, uuid } from './time/hash.ts';
import { makeSchedule, type Schedule, turnOf } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { Laptop, VirtualBoxState, VirtualBoxVm } from './types/types-virtualbox.ts';

const OFF_MS = 240_000;
const SYSTEMS = ['Debian (64-bit)', 'Ubuntu (64-bit)', 'Windows 11 (64-bit)', 'Fedora (64-bit)'];
// Names that people give; VBoxManage lists them as they are.
const ODD_NAMES = ['Windows 11 – "Entwicklung"', 'win2019 (old)', 'база-данных', '測試機'];

// So that a few laptops together show every state; the others run or are off, as people leave them.
const STILL: ReadonlyMap<number, VirtualBoxState> = new Map<number, VirtualBoxState>([
  [3, 'saved'],
  [5, 'poweroff'],
  [6, 'paused'],
  [8, 'aborted'],
  [9, 'poweroff'],
  [11, 'inaccessible'],
  [13, 'gurumeditation'],
]);

/** A laptop with the turn order of its VMs. */
export interface LaptopSchedule {
  laptop: Laptop;
  key: readonly number[];
  schedule: Schedule;
}

export function laptopScheduleOf(plan: Plan, laptop: Laptop): LaptopSchedule {
  const key = [plan.seed, textHash('virtualbox'), laptop.index];
  const perMinute = (plan.changesPerMinute / 8) * (laptop.size / plan.machines);
  return { laptop, key, schedule: makeSchedule(laptop.size, 60_000 / Math.max(perMinute, 1e-6), mix(...key)) };
}

/** A VM of the lab, as what runs in it knows it. */
export interface LabVm extends Pick<VirtualBoxVm, 'name' | 'vcpus' | 'memory' | 'address' | 'docker'> {
  /** Where what runs in it says one. */
  uuid: string | null;
}

/** @param lab VMs of this laptop that belong to the lab, by number */
export function* vmsOf(
  laptopSchedule: LaptopSchedule,
  lab: ReadonlyMap<number, LabVm>,
  now: number,
): Generator<VirtualBoxVm> {
  for (let index = 0; index < laptopSchedule.laptop.size; index++)
    yield vmOf(laptopSchedule, index, lab.get(index), now);
}

function vmOf(
  { laptop, key: laptopKey, schedule }: LaptopSchedule,
  index: number,
  lab: LabVm | undefined,
  now: number,
): VirtualBoxVm {
  const key = [...laptopKey, index];
  const service = pick(mix(...key, 1), SERVICES);
  const turn = turnOf(schedule, index, now);
  const still = lab ? 'running' : stillOf((index + laptop.index * 5) % 15, laptop);
  const isOff = chance(mix(...key, 2, turn.epoch), 0.6) && now - turn.at < OFF_MS;
  const state = still ?? (isOff ? 'poweroff' : 'running');
  const id = lab?.uuid ?? uuid(key);
  const vcpus = lab?.vcpus ?? pick(mix(...key, 3), [1, 2, 2, 4]);
  const isOdd = index % 7 === 6;
  const attachment = lab ? 'bridged' : pick(mix(...key, 4), ['nat', 'nat', 'bridged'] as const);
  const bridged = lab?.address ?? bridgedAddress(laptop.index, index);
  return {
    laptop,
    uuid: id,
    hardwareUuid: id,
    name: lab?.name ?? (isOdd ? `${pick(mix(...key, 5), ODD_NAMES)} ${index}` : `${service.name}-dev-${index}`),
    group: chance(mix(...key, 6), 0.5) ? `/${service.team}` : '/',
    description: chance(mix(...key, 7), 0.3) ? `${service.name} of ${service.team},\nas in "production"` : '',
    state,
    stateSince:
      still === undefined ? (isOff ? turn.at : Math.min(now, turn.at + OFF_MS)) : timeBefore(laptop.index, index),
    vcpus,
    memory: lab?.memory ?? vcpus * 2048,
    osType: lab ? 'Debian (64-bit)' : pick(mix(...key, 8), SYSTEMS),
    attachment,
    mac: `080027${threeBytes(laptop.index * 4096 + index)}`.replaceAll(':', '').toUpperCase(),
    address: state === 'running' || state === 'paused' ? (attachment === 'nat' ? '10.0.2.15' : bridged) : null,
    snapshots: index % 4,
    docker: lab?.docker ?? null,
    secret: secretOf(id),
  };
}

/** The machine that the team builds on is looked after: each of its VMs can be read. */
function stillOf(place: number, { index }: Laptop): VirtualBoxState | undefined {
  const state = STILL.get(place);
  return state === 'inaccessible' && index === 0 ? 'poweroff' : state;
}

/** What never changes has been so for days. */
const timeBefore = (laptop: number, index: number): number =>
  Date.parse('2026-08-17T06:00:00Z') + (laptop * 40 + index) * 3_600_000;
