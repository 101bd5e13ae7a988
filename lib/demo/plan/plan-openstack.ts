import { mix, uuid } from '../time/hash.ts';
import type { Account } from '../types/types.ts';
import type { Hypervisor, OpenStackCloud } from '../types/types-openstack.ts';
import { DOMAIN, ZONES } from './names.ts';

/** A small fleet would be half of nameless servers of a cell that is down. */
const DOWN_FROM = 12;
const REGION = 'RegionOne';

/** The hardware below the projects' servers. With faults, and where there are enough, the cell of the last hypervisor is down. */
export function makeOpenStack(wanted: {
  seed: number;
  faults: boolean;
  hypervisors: number;
  projects: readonly Account[];
}): OpenStackCloud {
  const { seed, faults, hypervisors, projects } = wanted;
  const zones = ZONES.openstack();
  const hosts = Array.from({ length: hypervisors }, (_, index): Hypervisor => {
    const large = mix(seed, 8, index) % 3 === 0;
    const cellDown = faults && hypervisors >= DOWN_FROM && index === hypervisors - 1;
    const disabled = hypervisors >= 6 && index === 3;
    return {
      index,
      id: uuid([seed, 7, index]),
      hostname: `compute-${String(index + 1).padStart(2, '0')}.${DOMAIN}`,
      hostIp: `172.20.${Math.floor(index / 250)}.${4 + (index % 250)}`,
      zone: zones[index % zones.length] ?? 'az1',
      vcpus: large ? 256 : 128,
      memory: (large ? 1536 : 768) * 1024,
      state: cellDown ? 'down' : 'up',
      status: disabled ? 'disabled' : 'enabled',
      cellDown,
    };
  });
  return { authHost: `keystone.${DOMAIN}`, region: REGION, projects, hypervisors: hosts };
}
