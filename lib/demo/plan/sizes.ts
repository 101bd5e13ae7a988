import { pick } from '../time/hash.ts';
import type { Cloud, Os, Platform, Service, Size } from '../types/types.ts';

const size = (type: string, vcpus: number, gib: number, arch: Size['arch'] = 'x86_64', burstable = false): Size => ({
  type,
  vcpus,
  memory: gib * 1024,
  arch,
  burstable,
});

/** A part of each cloud's real sizes, small to large; for VirtualBox what k3s says of its node. */
export const SIZES: Readonly<Record<Platform, readonly Size[]>> = {
  aws: [
    size('t3.micro', 2, 1, 'x86_64', true),
    size('t3.small', 2, 2, 'x86_64', true),
    size('t3.medium', 2, 4, 'x86_64', true),
    size('t4g.medium', 2, 4, 'arm64', true),
    size('m6i.large', 2, 8),
    size('m7g.large', 2, 8, 'arm64'),
    size('c6i.xlarge', 4, 8),
    size('m6i.xlarge', 4, 16),
    size('c7g.2xlarge', 8, 16, 'arm64'),
    size('r6i.xlarge', 4, 32),
    size('m6i.2xlarge', 8, 32),
    size('r6i.2xlarge', 8, 64),
    size('m6i.4xlarge', 16, 64),
    size('r6i.4xlarge', 16, 128),
    size('m7i.8xlarge', 32, 128),
  ],
  gcp: [
    size('e2-micro', 2, 1, 'x86_64', true),
    size('e2-small', 2, 2, 'x86_64', true),
    size('e2-medium', 2, 4, 'x86_64', true),
    size('t2a-standard-1', 1, 4, 'arm64'),
    size('n2-standard-2', 2, 8),
    size('t2a-standard-2', 2, 8, 'arm64'),
    size('c2-standard-4', 4, 16),
    size('n2-standard-4', 4, 16),
    size('n2-custom-6-20480', 6, 20),
    size('n2-highmem-4', 4, 32),
    size('n2-standard-8', 8, 32),
    size('n2-highmem-8', 8, 64),
    size('n2-standard-16', 16, 64),
    size('n2-highmem-16', 16, 128),
    size('n2-standard-32', 32, 128),
  ],
  azure: [
    size('Standard_B1s', 1, 1, 'x86_64', true),
    size('Standard_B1ms', 1, 2, 'x86_64', true),
    size('Standard_B2s', 2, 4, 'x86_64', true),
    size('Standard_B2pls_v2', 2, 4, 'arm64', true),
    size('Standard_D2s_v5', 2, 8),
    size('Standard_D2ps_v5', 2, 8, 'arm64'),
    size('Standard_F4s_v2', 4, 8),
    size('Standard_D4s_v5', 4, 16),
    size('Standard_F8s_v2', 8, 16),
    size('Standard_E4s_v5', 4, 32),
    size('Standard_D8s_v5', 8, 32),
    size('Standard_E8s_v5', 8, 64),
    size('Standard_D16s_v5', 16, 64),
    size('Standard_E16s_v5', 16, 128),
    size('Standard_D32s_v5', 32, 128),
  ],
  // OpenStack has the flavors that its operator made.
  openstack: [
    size('m1.tiny', 1, 1),
    size('m1.small', 1, 2),
    size('b1.medium', 2, 4),
    size('c1.large', 2, 4),
    size('m1.medium', 2, 8),
    size('g1.medium', 2, 8),
    size('c1.xlarge', 4, 8),
    size('m1.large', 4, 16),
    size('c1.2xlarge', 8, 16),
    size('r1.large', 4, 32),
    size('m1.xlarge', 8, 32),
    size('r1.xlarge', 8, 64),
    size('m1.2xlarge', 16, 64),
    size('r1.2xlarge', 16, 128),
    size('m1.4xlarge', 32, 128),
  ],
  virtualbox: [size('k3s', 4, 8)],
};

// Positions in the list of each cloud that suit a kind of service.
const SUITS: Readonly<Record<Service['kind'], readonly number[]>> = {
  api: [2, 3, 4, 4, 5, 7, 7, 10],
  worker: [4, 6, 6, 7, 8, 10, 12],
  database: [9, 11, 11, 12, 13, 13, 14],
  cache: [4, 9, 9, 11],
  web: [0, 1, 1, 2, 2, 4],
  batch: [1, 2, 4, 6, 8, 10],
};

/** A size that suits a service; the same hash gives the same place in each cloud's list. */
export function sizeFor(cloud: Platform, kind: Service['kind'], hash: number): Size {
  return SIZES[cloud][pick(hash, SUITS[kind])] ?? pick(hash, SIZES[cloud]);
}

/** Sizes of cluster nodes: 8 and 16 vCPUs. */
export const nodeSizes = (cloud: Cloud): readonly Size[] =>
  SIZES[cloud].filter((_, index) => index === 10 || index === 12);

const os = (distribution: string, version: string, name: string, family: Os['family'] = 'linux'): Os => ({
  family,
  name,
  distribution,
  version,
});
const UBUNTU = [
  os('ubuntu', '24.04', 'Ubuntu 24.04'),
  os('ubuntu', '22.04', 'Ubuntu 22.04'),
  os('ubuntu', '20.04', 'Ubuntu 20.04'),
];
const WINDOWS = [
  os('windows', '2022', 'Windows Server 2022', 'windows'),
  os('windows', '2019', 'Windows Server 2019', 'windows'),
];
const DEBIAN = os('debian', '12', 'Debian 12');
const COMMON = [...UBUNTU, DEBIAN, os('rhel', '9', 'Red Hat Enterprise Linux 9'), ...WINDOWS];

/** Operating systems of standalone machines. */
export const SYSTEMS: Readonly<Record<Platform, readonly Os[]>> = {
  aws: [os('amazon-linux', '2023', 'Amazon Linux 2023'), os('amazon-linux', '2', 'Amazon Linux 2'), ...COMMON],
  gcp: [DEBIAN, os('debian', '11', 'Debian 11'), ...COMMON],
  azure: [...COMMON, ...WINDOWS],
  openstack: COMMON,
  virtualbox: [DEBIAN],
};

/** Operating systems of cluster nodes. */
export const NODE_SYSTEMS: Readonly<Record<Platform, Os>> = {
  aws: os('amazon-linux', '2023', 'Amazon Linux 2023'),
  gcp: os('cos', '121', 'Container-Optimized OS from Google'),
  azure: os('ubuntu', '22.04', 'Ubuntu 22.04'),
  openstack: os('ubuntu', '24.04', 'Ubuntu 24.04'),
  virtualbox: DEBIAN,
};
