import { mix, pick } from '../time/hash.ts';
import type { Laptop } from '../types/types-virtualbox.ts';
import { DOMAIN } from './names.ts';

/** Rows of VirtualBox for each of the fleet; on top of its size. */
const SHARE = 0.012;
const MOST_ROWS = 4000;
const EACH = 8;
/** The first is what the team builds on. */
const MOST_VMS = 40;

const USERS = ['ada', 'grace', 'linus', 'margaret', 'dennis', 'barbara'];

/** Developers' machines with VirtualBox, each with the VMs of one user. */
export function makeLaptops(seed: number, resources: number): Laptop[] {
  const rows = Math.min(MOST_ROWS, Math.max(2, Math.round(resources * SHARE)));
  const first = Math.max(1, Math.min(MOST_VMS, Math.round(rows / 2) - 1));
  const laptops: Laptop[] = [];
  const add = (size: number): void => {
    const index = laptops.length;
    const cpus = pick(mix(seed, 21, index), [8, 12, 16]);
    laptops.push({
      index,
      hostname: `laptop-${String(index + 1).padStart(2, '0')}.${DOMAIN}`,
      user: pick(mix(seed, 22, index), USERS),
      cpus,
      memory: cpus * 4096,
      size,
    });
  };
  add(first);
  for (let left = rows - first - 1; left > 1; left -= EACH + 1) add(Math.min(EACH, left - 1));
  return laptops;
}
