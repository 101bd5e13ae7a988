import type { State } from '#lib/model/index.ts';
import { publicAddress } from './plan/addresses.ts';
import { type Ground, hypervisorIndex, slotOf } from './plan/slots.ts';
import { chance, mix, textHash, uuid } from './time/hash.ts';
import type { Machine } from './types/types.ts';
import type { OpenStackCloud, Server } from './types/types-openstack.ts';

type Condition = Pick<Server, 'status' | 'taskState' | 'vmState' | 'powerState'>;

const condition = (
  status: Server['status'],
  vmState: string,
  powerState: Server['powerState'],
  taskState: string | null = null,
): Condition => ({ status, vmState, powerState, taskState });

const CONDITIONS: Readonly<Record<State, Condition>> = {
  running: condition('ACTIVE', 'active', 1),
  starting: condition('BUILD', 'building', 0, 'spawning'),
  stopping: condition('ACTIVE', 'active', 1, 'powering-off'),
  stopped: condition('SHUTOFF', 'stopped', 4),
  suspended: condition('SUSPENDED', 'suspended', 7),
  failed: condition('ERROR', 'error', 0),
  terminated: condition('ERROR', 'error', 0),
  unknown: condition('UNKNOWN', 'active', 0),
};
const PAUSED = condition('PAUSED', 'paused', 3);
const SHELVED = condition('SHELVED_OFFLOADED', 'shelved_offloaded', 4);
const STARTING_AGAIN = condition('SHUTOFF', 'stopped', 4, 'powering-on');
const UNSEEN = condition('UNKNOWN', '', 0);

/** A machine of OpenStack's as Nova sees it. */
export function serverOf(ground: Ground, cloud: OpenStackCloud, machine: Machine): Server {
  const slot = slotOf(ground, machine.slot);
  const number = ground.place.offset + machine.slot;
  const planned = cloud.hypervisors[hypervisorIndex(ground, machine.slot) ?? 0];
  const now = conditionOf(machine);
  const placed = now.status !== 'BUILD' && now.status !== 'SHELVED_OFFLOADED';
  const partial = planned?.cellDown === true && placed;
  const floating = machine.publicAddress ?? (machine.node === null && isFloating(machine) ? publicOf(machine) : null);
  const fixed = { network: 'internal', mac: machine.mac };
  const { size } = machine;
  return {
    machine,
    uuid: machine.systemUuid,
    name: machine.name,
    project: machine.place.account,
    partial,
    ...(partial ? UNSEEN : now),
    instanceName: `instance-${(number * 2 + (machine.generation & 1)).toString(16).padStart(8, '0')}`,
    hypervisor: placed ? (planned ?? null) : null,
    flavor: {
      name: size.type,
      vcpus: size.vcpus,
      ram: size.memory,
      disk: size.vcpus < 4 ? 20 : 80,
      extraSpecs: machine.isolation === 'confidential' ? { 'hw:mem_encryption': 'true' } : {},
    },
    zone: machine.zone,
    addresses: [
      { ...fixed, address: machine.privateAddress, version: 4, type: 'fixed' },
      ...(machine.ipv6 ? [{ ...fixed, address: machine.ipv6, version: 6 as const, type: 'fixed' as const }] : []),
      ...(floating ? [{ ...fixed, address: floating, version: 4 as const, type: 'floating' as const }] : []),
    ],
    image: chance(mix(...machine.key, 16), 0.25)
      ? null
      : { id: uuid([slot.key[0] ?? 0, 16, textHash(machine.os.name)]), name: machine.os.name },
    metadata: machine.tags,
    createdAt: machine.createdAt,
    launchedAt: now.status === 'BUILD' || now.status === 'ERROR' ? null : machine.createdAt + 12_000,
  };

  function isFloating({ key }: Machine): boolean {
    return chance(mix(...key, 17), 0.1);
  }
  function publicOf({ generation }: Machine): string {
    return publicAddress(slot, generation);
  }
}

function conditionOf(machine: Machine): Condition {
  const hash = mix(...machine.key, 18);
  // One of each stands in the first slots of every project: see FORCED in machines.ts.
  if (machine.state === 'suspended' && (machine.slot === 5 || chance(hash, 0.3))) return PAUSED;
  if (machine.state === 'stopped' && (machine.slot === 6 || (machine.slot !== 4 && chance(hash, 0.2)))) return SHELVED;
  // Only what was just made is built; what was off is powered on.
  if (machine.state === 'starting' && machine.startedAt > machine.createdAt) return STARTING_AGAIN;
  return CONDITIONS[machine.state];
}

/** Where the server's guest is defined on its hypervisor: a failed build left nothing there. */
export const hasDomain = (server: Server): boolean => server.hypervisor !== null && server.status !== 'ERROR';
