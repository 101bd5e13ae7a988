import type { IncusCluster, IncusInstance, IncusMember } from '#lib/demo/index.ts';

/*
 * The fleet's cluster as the API answers for it, the `metadata` of each answer: what the mock client gives to the mapping and the fake server
 * sends. https://linuxcontainers.org/incus/docs/main/api/
 */
const MIB = 1024 * 1024;

const EXTENSIONS = [
  'event_lifecycle',
  'projects',
  'event_location',
  'instances',
  'instance_all_projects',
  'instance_get_full',
  'event_project',
  'instances_state_total',
  'instance_state_started_at',
];

const CODES: Readonly<Record<string, number>> = { Stopped: 102, Running: 103, Frozen: 110, Error: 112, Ready: 113 };

const isCluster = ({ members }: IncusCluster): boolean => members.length > 1;

/** `GET /1.0` of a member. */
export const serverInfo = (cluster: IncusCluster, member: IncusMember) => ({
  api_extensions: EXTENSIONS,
  api_status: 'stable',
  api_version: '1.0',
  auth: 'trusted',
  public: false,
  auth_methods: ['tls'],
  config: { 'core.https_address': ':8443' },
  environment: {
    addresses: [member.url.replace('https://', '')],
    architectures: ['x86_64', 'i686'],
    certificate_fingerprint: cluster.fingerprint,
    driver: 'lxc | qemu',
    kernel_architecture: 'x86_64',
    kernel_version: '6.12.48+deb13-amd64',
    os_name: 'Debian GNU/Linux',
    os_version: '13',
    server: 'incus',
    server_clustered: isCluster(cluster),
    server_name: member.name,
    server_version: cluster.version,
    storage: 'zfs',
  },
});

/** An entry of `GET /1.0/cluster/members?recursion=1`. */
export const memberRow = (member: IncusMember) => ({
  server_name: member.name,
  url: member.url,
  database: true,
  status: 'Online',
  message: 'Fully operational',
  architecture: 'x86_64',
  failure_domain: member.failureDomain,
  description: '',
  config: {},
  roles: ['database'],
  groups: ['default'],
});

/** `GET /1.0/resources` */
export const resourcesOf = (member: IncusMember) => ({
  cpu: { architecture: 'x86_64', sockets: [], total: member.cpus },
  memory: { nodes: [], total: member.memory * MIB, used: Math.floor(member.memory / 3) * MIB },
  system: { uuid: member.uuid.toUpperCase(), vendor: 'Supermicro', type: 'physical' },
});

/** An entry of `GET /1.0/instances?recursion=2`, and `GET /1.0/instances/{name}?recursion=1`. */
export function instanceRow(instance: IncusInstance) {
  const { cluster, member, limits, image, status } = instance;
  const config: Record<string, string> = {
    'image.description': image.description,
    'image.os': image.os,
    'image.release': image.release,
    'cloud-init.user-data': `#cloud-config\npassword: ${instance.secret}`,
    'environment.DATABASE_PASSWORD': instance.secret,
    'raw.lxc': `lxc.environment = TOKEN=${instance.secret}`,
    'user.user-data': `#cloud-config\npassword: ${instance.secret}`,
    'user.network-config': `wifi: ${instance.secret}`,
    'user.api_token': instance.secret,
    'volatile.base_image': image.fingerprint,
    'volatile.eth0.hwaddr': instance.mac,
    'volatile.uuid': instance.uuid,
    ...(limits.cpu === null ? {} : { 'limits.cpu': limits.cpu }),
    ...(limits.memory === null ? {} : { 'limits.memory': limits.memory }),
    ...(instance.privileged ? { 'security.privileged': 'true' } : {}),
    ...(instance.nesting ? { 'security.nesting': 'true' } : {}),
  };
  for (const [key, value] of instance.tags) config[`user.${key}`] = value;
  const devices = {
    eth0: { name: 'eth0', network: 'incusbr0', type: 'nic' },
    root: { path: '/', pool: 'default', type: 'disk' },
  };
  return {
    name: instance.name,
    project: instance.project,
    type: instance.type,
    status: status as string,
    status_code: CODES[status] ?? 0,
    location: isCluster(cluster) ? member.name : 'none',
    architecture: 'x86_64',
    description: `reach it with ${instance.secret}`,
    ephemeral: false,
    stateful: instance.stateful,
    profiles: [...instance.profiles],
    created_at: new Date(instance.createdAt).toISOString(),
    last_used_at: instantOf(instance.startedAt),
    config,
    devices: {},
    expanded_config: config,
    expanded_devices: devices,
    backups: null,
    snapshots:
      instance.snapshots === 0
        ? null
        : Array.from({ length: instance.snapshots }, (_, index) => ({
            name: `snap${index}`,
            created_at: new Date(instance.createdAt + (index + 1) * 86_400_000).toISOString(),
            config,
          })),
    state: {
      status: status as string,
      status_code: CODES[status] ?? 0,
      started_at: instance.address === null ? '0001-01-01T00:00:00Z' : instantOf(instance.startedAt),
      pid: instance.address === null ? 0 : 4000,
      network: instance.address === null ? null : networkOf(instance),
    },
  };
}
export type InstanceRow = ReturnType<typeof instanceRow>;

const networkOf = ({ mac, address }: IncusInstance): object => ({
  eth0: {
    addresses: [
      { family: 'inet', address, netmask: '24', scope: 'global' },
      { family: 'inet6', address: 'fe80::1266:6aff:fe00:1', netmask: '64', scope: 'link' },
    ],
    hwaddr: mac,
    host_name: 'veth1',
    mtu: 1500,
    state: 'up',
    type: 'broadcast',
  },
  docker0: {
    addresses: [{ family: 'inet', address: '172.17.0.1', netmask: '16', scope: 'global' }],
    hwaddr: '02:42:ac:11:00:01',
    host_name: '',
    state: 'up',
    type: 'broadcast',
  },
  lo: {
    addresses: [{ family: 'inet', address: '127.0.0.1', netmask: '8', scope: 'local' }],
    hwaddr: '',
    type: 'loopback',
  },
});

/** A message of `GET /1.0/events?type=lifecycle`. */
export const eventOf = ({ name, project, cluster, member }: IncusInstance, action: string, at: number) => ({
  type: 'lifecycle',
  timestamp: new Date(at).toISOString(),
  metadata: {
    action,
    source: `/1.0/instances/${encodeURIComponent(name)}${project === 'default' ? '' : `?project=${project}`}`,
    context: {},
  },
  location: isCluster(cluster) ? member.name : 'none',
  project,
});

const instantOf = (at: number | null): string => new Date(at ?? 0).toISOString();
