import { threeBytes } from './plan/addresses.ts';
import { SERVICES } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import { chance, hex, mix, pick, textHash } from './time/hash.ts';
import { makeSchedule, type Schedule, turnOf } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { Desk, DeskVm, DeskVmState } from './types/types-workstation.ts';

/** How long a VM that somebody turned off stays off. */
const OFF_MS = 600_000;

// Names that people give.
const ODD_NAMES = ['Windows 11 "Prüfstand"', 'old build box (do not delete)', '検証用'];
const SYSTEMS = ['debian12-64', 'ubuntu-64', 'windows11-64', 'rockylinux-64', 'other6xlinux-64'];

/** A desk with the turn order of its VMs. */
export interface DeskSchedule {
  desk: Desk;
  key: readonly number[];
  schedule: Schedule;
}

export function deskScheduleOf(plan: Plan, desk: Desk): DeskSchedule {
  const key = [plan.seed, textHash('workstation'), desk.index];
  return { desk, key, schedule: makeSchedule(desk.size, 900_000, mix(...key)) };
}

// So that the lab shows every state; the others run or are off.
const STILL: ReadonlyMap<number, DeskVmState> = new Map([
  [1, 'suspended'],
  [3, 'poweredOff'],
  [5, 'paused'],
]);

/** In the order of the library. */
export function* vmsOfDesk(schedule: DeskSchedule, now: number): Generator<DeskVm> {
  for (let index = 0; index < schedule.desk.size; index++) yield vmAt(schedule, index, now);
}

function vmAt({ desk, key: scheduleKey, schedule }: DeskSchedule, index: number, now: number): DeskVm {
  const key = [...scheduleKey, index];
  const service = pick(mix(...key, 1), SERVICES);
  const name = index % 9 === 4 ? `${pick(mix(...key, 2), ODD_NAMES)} ${index}` : `${service.name}-${index}`;
  const state = STILL.get(index % 8) ?? liveState(turnOf(schedule, index, now), key, now);
  const vcpus = pick(mix(...key, 3), [1, 2, 2, 4]);
  const folder = `vm-${index}`;
  // VMware's own begin with these two bytes.
  const bytes = `564d${hex(28, key)}`.match(/../g) ?? [];
  const bridged = chance(mix(...key, 4), 0.3);
  const running = state === 'poweredOn';
  return {
    desk,
    id: hex(32, [...key, 5]).toUpperCase(),
    path: `/home/${desk.user}/vmware/${folder}/${folder}.vmx`,
    name,
    state,
    vcpus,
    memory: vcpus * 2048,
    guestOs: pick(mix(...key, 6), SYSTEMS),
    uuidBios: `${bytes.slice(0, 8).join(' ')}-${bytes.slice(8).join(' ')}`,
    nics: [
      {
        mac: `00:0c:29:${threeBytes(desk.index * 4096 + index)}`,
        type: bridged ? 'bridged' : 'nat',
        vmnet: bridged ? 'vmnet0' : 'vmnet8',
        address: running ? `192.168.${72 + desk.index}.${10 + index}` : null,
      },
    ],
    tags: [
      ['team', service.team],
      ['purpose', pick(mix(...key, 7), ['test', 'demo', 'reproduce'])],
    ],
    secret: secretOf(hex(12, key)),
  };
}

function liveState(turn: { epoch: number; at: number }, key: readonly number[], now: number): DeskVmState {
  return chance(mix(...key, 8, turn.epoch), 0.5) && now - turn.at < OFF_MS ? 'poweredOff' : 'poweredOn';
}
