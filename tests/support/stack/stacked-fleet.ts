import type { Resource } from '#lib/model/index.ts';
import { anyResource } from '../resource.ts';

/*
 * A small fleet in which all layers occur: a hypervisor, on it a VM that is a node, on that a Deployment of two pods and a Job; a
 * VM beside it; a cloud's VM that is a node of another cluster; a node that nobody else knows.
 */

const HYPERVISOR = { type: 'host', value: 'openstack/auth/region/hyper-1' } as const;
const container = (fields: Partial<Resource> & Pick<Resource, 'uid' | 'pod' | 'hostedBy'>): Resource =>
  anyResource({
    kind: 'container',
    provider: 'kubernetes',
    scope: 's/b/*/y',
    name: `${fields.pod}/app`,
    nativeId: `${fields.uid}-native`,
    cluster: 'prod',
    namespace: 'shop',
    vcpus: null,
    memory: null,
    requests: { cpu: 0.5, memory: 256 },
    ...fields,
  });
const onNode = [{ type: 'node', value: 'kube/node-1' }] as const;

export const HYPERVISOR_ROW = anyResource({
  uid: 'hypervisor',
  kind: 'host',
  provider: 'openstack',
  name: 'Hyper-1',
  nativeId: '7',
  identities: [HYPERVISOR],
  vcpus: 64,
  memory: 262_144,
  physical: { cpu: 64, memory: 262_144 },
});
export const VM = anyResource({
  uid: 'server',
  provider: 'openstack',
  name: 'kube-worker',
  nativeId: 'f00d',
  vcpus: 8,
  memory: 32_768,
  aliases: ['worker.internal'],
  identities: [{ type: 'instance-id', value: 'f00d' }],
  hostedBy: [HYPERVISOR],
});
export const NODE = anyResource({
  uid: 'kube/n1',
  kind: 'host',
  provider: 'kubernetes',
  scope: 's/b/*/y',
  name: 'node-1',
  nativeId: 'n1',
  cluster: 'prod',
  vcpus: 8,
  memory: 32_000,
  allocatable: { cpu: 7.5, memory: 30_000 },
  identities: [
    { type: 'node', value: 'kube/node-1' },
    { type: 'instance-id', value: 'f00d' },
  ],
});
export const NEIGHBOUR = anyResource({
  uid: 'neighbour',
  provider: 'openstack',
  name: 'database',
  nativeId: 'beef',
  vcpus: 4,
  memory: 8192,
  identities: [{ type: 'instance-id', value: 'beef' }],
  hostedBy: [HYPERVISOR],
});
export const CONTAINERS = [
  container({ uid: 'c1', pod: 'web-1', hostedBy: [...onNode], workload: { kind: 'Deployment', name: 'web' } }),
  container({ uid: 'c2', pod: 'web-2', hostedBy: [...onNode], workload: { kind: 'Deployment', name: 'web' } }),
  container({
    uid: 'c3',
    pod: 'web-2',
    name: 'web-2/sidecar',
    hostedBy: [...onNode],
    workload: { kind: 'Deployment', name: 'web' },
    state: 'stopped',
  }),
  container({ uid: 'c4', pod: 'job-1', hostedBy: [...onNode], workload: { kind: 'Job', name: 'job' }, requests: null }),
];
const AWS_VM = anyResource({
  uid: 'ec2',
  name: 'i-0abc',
  nativeId: 'i-0abc',
  vcpus: 2,
  memory: 4096,
  identities: [{ type: 'instance-id', value: 'i-0abc' }],
});
const AWS_NODE = anyResource({
  uid: 'kube2/n1',
  kind: 'host',
  provider: 'kubernetes',
  name: 'ip-10-0-0-1',
  nativeId: 'n1-of-2',
  cluster: 'staging',
  vcpus: 2,
  memory: 3900,
  allocatable: { cpu: 1.9, memory: 3500 },
  identities: [
    { type: 'node', value: 'kube2/ip-10-0-0-1' },
    { type: 'instance-id', value: 'i-0abc' },
  ],
});
export const FARGATE = anyResource({
  uid: 'kube2/fargate',
  kind: 'host',
  provider: 'kubernetes',
  name: 'fargate-1',
  nativeId: 'fargate-1',
  cluster: 'staging',
  managed: 'fargate',
  vcpus: 2,
  memory: 4096,
  allocatable: { cpu: 2, memory: 4096 },
  identities: [{ type: 'node', value: 'kube2/fargate-1' }],
});
export const FARGATE_POD = container({
  uid: 'c5',
  pod: 'lone-1',
  cluster: 'staging',
  hostedBy: [{ type: 'node', value: 'kube2/fargate-1' }],
});

export const STACKED: readonly Resource[] = [
  ...[HYPERVISOR_ROW, VM, NODE, NEIGHBOUR, ...CONTAINERS],
  ...[AWS_VM, AWS_NODE, FARGATE, FARGATE_POD],
];
