import type { Node } from '#lib/demo/index.ts';
import type { RawObject } from '../map/raw.ts';
import { bytes, cores, managedFields, rfc3339 } from './wire-meta.ts';

const READY = {
  True: { reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  False: { reason: 'KubeletNotReady', message: 'container runtime is down' },
  Unknown: { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' },
} as const;

const SPOT_LABEL = {
  aws: ['eks.amazonaws.com/capacityType', 'SPOT', 'ON_DEMAND'],
  gcp: ['cloud.google.com/gke-spot', 'true', 'false'],
  azure: ['kubernetes.azure.com/scalesetpriority', 'spot', 'regular'],
} as const;

/** A node of the seeded fleet as an API server writes it. */
export function nodeObject(node: Node, resourceVersion: string): RawObject {
  const { machine } = node;
  const size = node.managed === 'virtual-node' ? VIRTUAL : machine.size;
  const taints = taintsOf(node);
  return {
    metadata: {
      name: node.name,
      uid: node.uid,
      resourceVersion,
      creationTimestamp: rfc3339(node.createdAt),
      labels: labelsOf(node),
      annotations:
        node.instanceId === null
          ? { 'node.alpha.kubernetes.io/ttl': '0' }
          : { 'container.googleapis.com/instance_id': node.instanceId },
      managedFields: managedFields(machine.secret, node.createdAt),
    },
    spec: {
      ...(node.providerId === null ? {} : { providerID: node.providerId }),
      ...(node.unschedulable ? { unschedulable: true } : {}),
      ...(taints.length > 0 ? { taints } : {}),
    },
    status: {
      capacity: { cpu: cores(size.vcpus), memory: bytes(size.memory), pods: String(node.allocatable.pods) },
      allocatable: {
        cpu: cores(node.allocatable.cpu),
        memory: bytes(node.allocatable.memory),
        pods: String(node.allocatable.pods),
      },
      conditions: [
        { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory' },
        { type: 'Ready', status: node.ready, ...READY[node.ready], lastTransitionTime: rfc3339(node.createdAt) },
      ],
      addresses: [
        { type: 'InternalIP', address: machine.privateAddress },
        ...(machine.publicAddress ? [{ type: 'ExternalIP', address: machine.publicAddress }] : []),
        { type: 'Hostname', address: node.name },
      ],
      nodeInfo: nodeInfoOf(node),
    },
  } as RawObject;
}

// What Azure's virtual node says of itself.
const VIRTUAL = { vcpus: 10_000, memory: 4 * 1024 * 1024 };

const archOf = ({ machine }: Node): string => (machine.size.arch === 'arm64' ? 'arm64' : 'amd64');

function labelsOf(node: Node): Record<string, string> {
  const { machine, managed } = node;
  const { region } = machine.place;
  const labels: Record<string, string> = {
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': machine.os.family,
    'kubernetes.io/arch': archOf(node),
  };
  if (machine.cloud === 'virtualbox')
    return {
      ...labels,
      'node.kubernetes.io/instance-type': machine.size.type,
      'node-role.kubernetes.io/control-plane': 'true',
    };
  labels['topology.kubernetes.io/region'] = region;
  labels['topology.kubernetes.io/zone'] = machine.cloud === 'azure' ? `${region}-${machine.zone}` : machine.zone;
  // Neither has an instance behind it; a virtual node says no more than its kind.
  if (managed === 'fargate') return { ...labels, 'eks.amazonaws.com/compute-type': 'fargate' };
  if (managed === 'virtual-node') return { ...labels, type: 'virtual-kubelet', 'kubernetes.io/role': 'agent' };
  labels['node.kubernetes.io/instance-type'] = machine.size.type;
  if (managed === 'autopilot') {
    labels['cloud.google.com/gke-nodepool'] = 'pool-1';
    labels['cloud.google.com/gke-provisioning'] = 'standard';
    labels['cloud.google.com/machine-family'] = 'ek';
    labels['node.kubernetes.io/instance-type'] = 'ek-standard-8';
    return labels;
  }
  if (machine.cloud === 'openstack') return labels;
  const [key, spot, regular] = SPOT_LABEL[machine.cloud];
  return { ...labels, [key]: machine.spot ? spot : regular };
}

function taintsOf({ managed, unschedulable }: Node): object[] {
  const taints: object[] = [];
  if (unschedulable) taints.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  if (managed === 'fargate')
    taints.push({ key: 'eks.amazonaws.com/compute-type', value: 'fargate', effect: 'NoSchedule' });
  if (managed === 'virtual-node')
    taints.push({ key: 'virtual-kubelet.io/provider', value: 'azure', effect: 'NoSchedule' });
  return taints;
}

function nodeInfoOf(node: Node): object {
  const { machine, cluster, runtime } = node;
  const virtual = node.managed === 'virtual-node';
  return {
    machineID: node.machineId,
    systemUUID: node.systemUuid,
    kernelVersion: virtual ? '' : '6.12.0',
    osImage: virtual ? '' : machine.os.name,
    containerRuntimeVersion: virtual ? '' : runtime === 'docker' ? 'docker://29.1.2' : 'containerd://2.1.4',
    kubeletVersion: virtual ? 'v1.25.0-vk-azure-aci-1.6.2' : cluster.version,
    operatingSystem: machine.os.family,
    architecture: archOf(node),
  };
}
