import { mix, pick } from '../time/hash.ts';
import type { Desk } from '../types/types-workstation.ts';
import { DOMAIN } from './names.ts';

const USERS = ['dev', 'mara', 'jonas', 'wei', 'ines', 'tariq'];

/** Machines of developers: the first has a lab on it, where the fleet has room for one, the others a handful of VMs. */
export function makeDesks(seed: number, resources: number): Desk[] {
  const count = Math.min(40, Math.max(1, Math.round(resources / 1000)));
  return Array.from({ length: count }, (_, index) => {
    const cpus = pick(mix(seed, 21, index), [8, 12, 16]);
    return {
      index,
      hostname: `dev-${String(index + 1).padStart(2, '0')}.${DOMAIN}`,
      cpus,
      memory: cpus * 4096,
      user: USERS[index % USERS.length] ?? 'dev',
      size: index === 0 ? Math.min(24, Math.max(6, Math.round(resources / 100))) : 2 + (mix(seed, 22, index) % 4),
    };
  });
}
