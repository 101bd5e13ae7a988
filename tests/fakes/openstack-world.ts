import type { Fleet } from '#lib/demo/index.ts';
import { flavorOf, hypervisorOf, serverOf } from '#providers/openstack/wire.ts';

export type Row = { readonly [key: string]: unknown };

/** What an OpenStack cloud on the wire holds, as Nova shows it to an administrator at 2.96. */
export interface World {
  region: string;
  projects: readonly { id: string; name: string; enabled?: boolean }[];
  servers: readonly Row[];
  hypervisors: readonly Row[];
  flavors: readonly Row[];
}

/** The fleet's cloud. */
export function fleetWorld(fleet: Fleet, now: number): World {
  const { region, projects, hypervisors } = fleet.openstack();
  const moment = fleet.at(now);
  const servers = projects.flatMap((project) => [...moment.servers(project)]);
  const flavors = new Map(servers.map(({ flavor }) => [flavor.name, flavor]));
  return {
    region,
    projects: projects.map(({ id, name }) => ({ id, name })),
    servers: servers.map((server) => ({ ...serverOf(server) })),
    hypervisors: hypervisors.filter((host) => !host.cellDown).map((host) => ({ ...hypervisorOf(host) })),
    flavors: [...flavors.values()].map((flavor) => ({ ...flavorOf(flavor) })),
  };
}

const hexOf = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
export const uuidOf = (n: number): string => `00000000-0000-4000-8000-${hexOf(n, 12)}`;

/** A plain cloud of any size: servers in turn of each project, on each of four hypervisors. */
export function plainWorld(count: number, projects = 2): World {
  const owners = Array.from({ length: projects }, (_, i) => ({ id: hexOf(i + 1, 32), name: `team-${i + 1}` }));
  return {
    region: 'RegionOne',
    projects: owners,
    servers: Array.from({ length: count }, (_, i) => plainServer(i, owners[i % projects]?.id ?? '')),
    hypervisors: [1, 2, 3, 4].map((n) => ({
      id: uuidOf(n),
      hypervisor_hostname: `compute-${n}.example.org`,
      hypervisor_type: 'QEMU',
      host_ip: `192.0.2.${n}`,
      state: 'up',
      status: 'enabled',
      vcpus: 64,
      memory_mb: 262_144,
      cpu_info: { arch: 'x86_64', features: ['aes'] },
      service: { host: `compute-${n}`, id: uuidOf(n + 100), disabled_reason: null },
    })),
    flavors: [{ id: 'f-small', name: 'm1.small', vcpus: 2, ram: 4096, disk: 20, extra_specs: {} }],
  };
}

const plainServer = (i: number, project: string): Row => ({
  id: uuidOf(i),
  name: `vm-${i}`,
  status: 'ACTIVE',
  tenant_id: project,
  created: '2026-01-02T03:04:05Z',
  metadata: {},
  tags: [],
  image: '',
  flavor: { original_name: 'm1.small', vcpus: 2, ram: 4096, disk: 20, extra_specs: {} },
  addresses: {
    net: [
      {
        addr: `10.0.${i >> 8}.${i & 255}`,
        version: 4,
        'OS-EXT-IPS:type': 'fixed',
        'OS-EXT-IPS-MAC:mac_addr': `fa:16:3e:00:${hexOf(i >> 8, 2)}:${hexOf(i & 255, 2)}`,
      },
    ],
  },
  host_status: 'UP',
  'OS-EXT-AZ:availability_zone': 'nova',
  'OS-EXT-SRV-ATTR:hypervisor_hostname': `compute-${(i % 4) + 1}.example.org`,
  'OS-EXT-SRV-ATTR:hostname': `vm-${i}`,
  'OS-EXT-SRV-ATTR:instance_name': `instance-${hexOf(i, 8)}`,
  'OS-EXT-STS:task_state': null,
  'OS-SRV-USG:launched_at': '2026-01-02T03:05:06.000000',
});
