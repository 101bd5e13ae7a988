import { mix, pick, uuid } from '../time/hash.ts';
import type { LibvirtHost } from '../types/types-libvirt.ts';
import type { OpenStackCloud } from '../types/types-openstack.ts';
import { few } from './draft.ts';
import { DOMAIN } from './names.ts';

interface Wanted {
  seed: number;
  resources: number;
  budget: number;
  openstack: OpenStackCloud;
}

/** Servers on one hypervisor of Nova's, about. */
const ON_NOVA = 14;

/** Connections: some of Nova's hypervisors, KVM hosts with domains of their own, and where there is room one of LXC. */
export function makeLibvirtHosts({ seed, resources, budget, openstack }: Wanted): LibvirtHost[] {
  const healthy = openstack.hypervisors.filter((hypervisor) => !hypervisor.cellDown);
  const nova = Math.min(healthy.length, Math.round((budget * 0.4) / (ON_NOVA + 1)));
  const lxc = budget >= 24 ? Math.min(20, Math.round(budget / 8)) : 0;
  const rest = Math.max(2, budget - nova * (ON_NOVA + 1) - (lxc > 0 ? lxc + 1 : 0));
  const each = Math.min(24, Math.max(8, Math.round(Math.sqrt(rest))));
  const own = Math.max(few(resources) > 0 ? 2 : 1, Math.round(rest / (each + 1)));
  const hosts: LibvirtHost[] = [];
  const add = (hostname: string, more: Partial<LibvirtHost>): void => {
    const index = hosts.length;
    const cpus = pick(mix(seed, 9, index), [32, 48, 64]);
    const driver = more.driver ?? 'qemu';
    hosts.push({
      index,
      uuid: uuid([seed, 10, index]),
      hostname,
      uri: `${driver}+ssh://muster@${hostname}/system`,
      driver,
      cpus,
      memory: cpus * 4 * 1024,
      hypervisor: null,
      size: 0,
      twin: null,
      ...more,
    });
  };
  for (const hypervisor of healthy.slice(0, nova))
    add(hypervisor.hostname, { hypervisor, cpus: hypervisor.vcpus, memory: hypervisor.memory, size: ON_NOVA });
  for (let i = 0; i < own; i++) {
    const size = Math.round((rest * (i + 1)) / own) - Math.round((rest * i) / own) - 1;
    const pair = i >> 1;
    const twin = pair < few(resources) && (i | 1) < own ? pair : null;
    add(`kvm-${String(i + 1).padStart(2, '0')}.${DOMAIN}`, { size: Math.max(1, size), twin });
  }
  if (lxc > 0) add(`lxc-01.${DOMAIN}`, { driver: 'lxc', size: lxc });
  return hosts;
}
