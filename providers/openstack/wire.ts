import { type Hypervisor, hex, type Server } from '#lib/demo/index.ts';

/** Where Nova's links say that Nova is; no request ever goes there. */
const LINKS = 'http://nova.internal:8774/v2.1';

/** As Nova writes `created`: without fractions. */
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
/** As it writes `launched_at`: UTC, without saying so. */
const micros = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000`;

const links = (path: string): object[] => [{ rel: 'self', href: `${LINKS}/${path}` }];

/** A server of the fleet as a row of `servers/detail` at 2.96 as an administrator sees it, secrets in its user data and metadata included. */
export function serverOf(server: Server): object {
  const { machine, project, flavor } = server;
  const about = {
    id: server.uuid,
    status: server.status,
    tenant_id: project.id,
    created: seconds(server.createdAt),
    links: links(`servers/${server.uuid}`),
  };
  if (server.partial) return about;
  return {
    ...about,
    name: server.name,
    user_id: hex(32, [...machine.key, 21]),
    hostId: server.hypervisor ? hex(56, [server.hypervisor.index, 22]) : '',
    host_status: server.hypervisor ? 'UP' : '',
    image: server.image ? { id: server.image.id, links: links(`images/${server.image.id}`) } : '',
    flavor: {
      original_name: flavor.name,
      vcpus: flavor.vcpus,
      ram: flavor.ram,
      disk: flavor.disk,
      ephemeral: 0,
      swap: 0,
      extra_specs: flavor.extraSpecs,
    },
    updated: seconds(machine.stateSince),
    addresses: addressesOf(server),
    accessIPv4: '',
    accessIPv6: '',
    // Some people write a password where everybody may read it.
    metadata: {
      ...Object.fromEntries(server.metadata),
      ...(machine.slot % 12 === 3 ? { admin_pass: machine.secret } : {}),
    },
    tags: [],
    key_name: machine.service.team,
    config_drive: '',
    locked: false,
    'OS-DCF:diskConfig': 'AUTO',
    'OS-EXT-AZ:availability_zone': server.zone,
    'OS-EXT-SRV-ATTR:host': server.hypervisor?.hostname.split('.')[0] ?? null,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': server.hypervisor?.hostname ?? null,
    'OS-EXT-SRV-ATTR:hostname': machine.hostname,
    'OS-EXT-SRV-ATTR:instance_name': server.instanceName,
    // Base64 on a real wire; here as it is, so that a leak is found.
    'OS-EXT-SRV-ATTR:user_data': `#!/bin/sh\nexport API_TOKEN=${machine.secret}\n`,
    'OS-EXT-STS:task_state': server.taskState,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:power_state': server.powerState,
    'OS-SRV-USG:launched_at': server.launchedAt === null ? null : micros(server.launchedAt),
    'OS-SRV-USG:terminated_at': null,
    'os-extended-volumes:volumes_attached': server.image ? [] : [{ id: hex(32, [...machine.key, 23]) }],
    security_groups: [{ name: 'default' }],
    ...(server.status === 'ERROR'
      ? { fault: { code: 500, created: seconds(machine.stateSince), message: 'No valid host was found.' } }
      : {}),
  };
}

function addressesOf({ addresses }: Server): Record<string, object[]> {
  const networks: Record<string, object[]> = {};
  for (const { network, address, version, type, mac } of addresses) {
    networks[network] ??= [];
    networks[network].push({
      addr: address,
      version,
      'OS-EXT-IPS:type': type,
      'OS-EXT-IPS-MAC:mac_addr': mac,
    });
  }
  return networks;
}

/** A row of `os-hypervisors/detail` at 2.87. */
export const hypervisorOf = (host: Hypervisor): object => ({
  id: host.id,
  hypervisor_hostname: host.hostname,
  hypervisor_type: 'QEMU',
  hypervisor_version: 8002000,
  host_ip: host.hostIp,
  state: host.state,
  status: host.status,
  vcpus: host.vcpus,
  memory_mb: host.memory,
  cpu_info: { arch: 'x86_64', vendor: 'Intel', model: 'Icelake-Server', features: ['aes', 'avx2', 'vmx'] },
  service: {
    host: host.hostname.split('.')[0],
    id: hex(32, [host.index, 24]),
    disabled_reason: host.status === 'disabled' ? 'maintenance' : null,
  },
});

/** A flavor's id is its own, whatever it is called. */
export const flavorIdOf = (name: string): string =>
  hex(
    32,
    [...name].map((letter) => letter.charCodeAt(0)),
  );

/** A row of `flavors/detail`. */
export const flavorOf = ({ name, vcpus, ram, disk, extraSpecs }: Server['flavor']): object => ({
  id: flavorIdOf(name),
  name,
  vcpus,
  ram,
  disk,
  extra_specs: extraSpecs,
  'os-flavor-access:is_public': true,
});

/** A page of a list, with the link to the next one. */
export const pageOf = (part: string, rows: readonly object[], href: string | undefined): object => ({
  [part]: rows,
  ...(href === undefined ? {} : { [`${part}_links`]: [{ rel: 'next', href }] }),
});
