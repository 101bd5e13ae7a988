import { machinesOf } from './machines.ts';
import { bridgedAddress } from './plan/addresses.ts';
import { DOMAIN } from './plan/names.ts';
import type { Plan } from './plan/plan.ts';
import type { DockerSeat } from './plan/plan-docker.ts';
import { LAB } from './plan/plan-virtualbox.ts';
import { type Ground, nodeSlot } from './plan/slots.ts';
import { hex, mix, pick } from './time/hash.ts';
import type { Machine, Place } from './types/types.ts';
import type { DockerHost } from './types/types-docker.ts';

/** An engine with what the machine below it says: such machines keep their names and addresses, so any time will do. */
export function dockerHostOf(plan: Plan, seat: DockerSeat, groundAt: (place: Place) => Ground): DockerHost {
  const on = standOf(seat, groundAt);
  const machine = on && petAt(groundAt(on.place), on.slot, 0);
  const name = seat.inLab
    ? `docker-lab.${DOMAIN}`
    : (machine?.hostname ?? `docker-${String(seat.index + 1).padStart(2, '0')}.${DOMAIN}`);
  const ncpu = seat.inLab ? 4 : (machine?.size.vcpus ?? pick(mix(plan.seed, 19, seat.index), [8, 16, 32]));
  return {
    index: seat.index,
    id: seat.id,
    name,
    address: `ssh://muster@${name}`,
    on,
    ncpu,
    // The kernel keeps a part for itself.
    memory: Math.floor((machine?.size.memory ?? ncpu * (seat.inLab ? 1024 : 4096)) * 0.975),
    inLab: seat.inLab,
    version: seat.version,
    os: machine?.os.family === 'linux' ? machine.os.name : 'Debian GNU/Linux 12 (bookworm)',
    arch: machine?.size.arch === 'arm64' ? 'aarch64' : 'x86_64',
    swarm: seat.swarm && {
      ...seat.swarm,
      nodeId: hex(25, [plan.seed, 20, seat.index]),
      nodeAddr: machine?.privateAddress ?? (seat.inLab ? bridgedAddress(0, LAB.docker) : ''),
    },
    size: seat.size,
  };
}

function standOf({ vm, node }: DockerSeat, groundAt: (place: Place) => Ground): DockerHost['on'] {
  if (node) {
    const { place } = node.cluster;
    return { place, slot: nodeSlot(groundAt(place), node.cluster, node.index), ...node };
  }
  if (!vm) return null;
  const slot = groundAt(vm.place).firstNode - vm.place.staticVms + vm.staticVm;
  return { place: vm.place, slot, cluster: null, index: -1 };
}

/** The machine of a slot that is never replaced. */
export function petAt(ground: Ground, slot: number, now: number): Machine {
  for (const machine of machinesOf(ground, slot, now, false)) return machine;
  throw new RangeError(`slot ${slot} of ${ground.place.region} is empty`);
}
