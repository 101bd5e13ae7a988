import { hex, mix, pick, textHash, uuid } from '../time/hash.ts';
import type { IncusCluster, IncusMember } from '../types/types-incus.ts';
import { DOMAIN } from './names.ts';

/** From so many rows on it is a cluster of three; a smaller fleet has one server. */
const CLUSTER_FROM = 24;

/** One cluster of Incus, with instances of its own. */
export function makeIncusClusters({ seed, budget }: { seed: number; budget: number }): IncusCluster[] {
  const key = [seed, textHash('incus'), 0];
  const count = budget >= CLUSTER_FROM ? 3 : 1;
  const members = Array.from({ length: count }, (_, index): IncusMember => {
    const cpus = pick(mix(...key, 1, index), [32, 48, 64]);
    return {
      index,
      name: `incus-${String(index + 1).padStart(2, '0')}`,
      url: `https://10.42.0.${11 + index}:8443`,
      cpus,
      memory: cpus * 4 * 1024,
      uuid: uuid([seed, textHash('incus member'), index]),
      failureDomain: `rack-${index + 1}`,
    };
  });
  return [
    {
      index: 0,
      fingerprint: hex(64, [...key, 3]),
      address: `https://incus.${DOMAIN}:8443`,
      members,
      version: '6.0.5',
      size: Math.max(1, budget - count),
    },
  ];
}
