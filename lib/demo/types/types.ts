import type { State } from '#lib/model/index.ts';
import type { Key } from '../time/hash.ts';

/** The clouds whose machines the fleet has. */
export const CLOUDS = ['aws', 'gcp', 'azure', 'openstack'] as const;
export type Cloud = (typeof CLOUDS)[number];
/** What the nodes of a cluster are VMs of: a cloud, or VirtualBox on a laptop. */
export type Platform = Cloud | 'virtualbox';

/** AWS account, GCP project, Azure subscription, OpenStack project, a user of a laptop. */
export interface Account {
  cloud: Platform;
  index: number;
  /** 12 digits, a project id, a subscription UUID, 32 hexadecimal digits, `<host name>/<user>`. */
  id: string;
  name: string;
  places: readonly Place[];
}

/** One region of one account: the unit in which machines are made. */
export interface Place {
  account: Account;
  /** Its number in the fleet, which is also in its addresses. */
  number: number;
  /** Slots of all places before this one: with a slot's number, the running number of that slot in the whole fleet. */
  offset: number;
  /** In the cloud's spelling: `eu-west-1`, `europe-west1`, `westeurope`, `RegionOne`; of a laptop its name. */
  region: string;
  /** In the cloud's spelling: `eu-west-1a`, `europe-west1-b`, `1`, `az1`. */
  zones: readonly string[];
  /** How many machine slots it has, node slots included. */
  slots: number;
  /** The last slots before the nodes' hold machines that nobody stops or replaces: Docker runs on them. */
  staticVms: number;
  /** Clusters whose nodes stand here. */
  clusters: readonly Cluster[];
  /** What goes wrong here with `faults`: read by the mock clients, which answer as the cloud would. */
  fault: 'denied' | 'throttled' | 'unreachable' | null;
}

export interface Size {
  /** In the cloud's words: `m6i.xlarge`, `n2-standard-4`, `Standard_D4s_v5`. */
  type: string;
  vcpus: number;
  /** MiB. */
  memory: number;
  arch: 'x86_64' | 'arm64';
  burstable: boolean;
}

export interface Service {
  name: string;
  team: string;
  /** What kind of thing it is, for images and ports: `api`, `worker`, `database`, `cache`, `web`, `batch`. */
  kind: 'api' | 'worker' | 'database' | 'cache' | 'web' | 'batch';
}
export type EnvironmentName = 'prod' | 'staging' | 'dev' | 'sandbox';

/** A scaling group the machine belongs to: ASG, managed instance group, scale set. */
export interface Group {
  name: string;
  /** Azure: how the scale set shows its instances; elsewhere always `uniform`. */
  mode: 'uniform' | 'flexible';
  /** Number of the member in its group. */
  ordinal: number;
}

export interface Os {
  family: 'linux' | 'windows';
  /** `Ubuntu 24.04`, `Windows Server 2022`. */
  name: string;
  /** `ubuntu`, `amazon-linux`, `debian`, `rhel`, `windows`, `cos`, `azure-linux`. */
  distribution: string;
  version: string;
}

/** One VM as it is at one moment, without any provider's wire format. */
export interface Machine {
  cloud: Platform;
  place: Place;
  zone: string;
  /** Slot in its place and how often the slot was refilled: together its identity. */
  slot: number;
  generation: number;
  /** For whatever a mock must invent: `hex(17, [...key, 1])` is a volume id, the same each time. */
  key: Key;
  /** In the cloud's form: `i-0123456789abcdef0`, a 19-digit number as string, an ARM id in its usual spelling, a server's UUID. */
  nativeId: string;
  /** What a Kubernetes node on it has as `spec.providerID`. */
  providerId: string;
  name: string;
  service: Service;
  environment: EnvironmentName;
  size: Size;
  os: Os;
  /** Of the model; the mocks turn it into a native state. */
  state: State;
  /** Epoch ms. */
  stateSince: number;
  createdAt: number;
  startedAt: number;
  spot: boolean;
  isolation: 'dedicated' | 'confidential' | null;
  group: Group | null;
  /** Set on a cluster's node. `index` is the node slot in the cluster. */
  node: { cluster: Cluster; pool: Pool; index: number; name: string } | null;
  privateAddress: string;
  publicAddress: string | null;
  ipv6: string | null;
  mac: string;
  /** What its OS calls itself: the private DNS name on EC2, elsewhere the VM's name or the node's. */
  hostname: string;
  /** Lower case; what the firmware tells the guest (EC2: begins with `ec2`; Azure: the vmId; Nova: the server's UUID; VirtualBox: the VM's). */
  systemUuid: string;
  /** Messy, as people write them; in order, no key twice. */
  tags: readonly (readonly [string, string])[];
  /** To be planted in user data, metadata and environment: must never be seen again. */
  secret: string;
}

/** What a node stands on where no cloud lists a machine below it. */
export type ManagedNode = 'fargate' | 'autopilot' | 'virtual-node';

/** How one node differs from the others; it and its machine are then never replaced. */
export interface Anomaly {
  /** Its VM is in no listing, or there is none. */
  managed?: ManagedNode;
  /** Its VM is there, and its scale set's listing leaves it out. */
  unlisted?: true;
  /** `nodeInfo.machineID` of the image it was made from, the same on all its clones. */
  machineId?: string;
  /** Nobody set `spec.providerID`. */
  noProviderId?: true;
  /** Azure generation 1: the firmware tells the first three groups of the vmId byte-swapped. */
  swapped?: true;
  /** An older VM of the same project, zone and name is still listed. `said`: the node's annotation says which of the two it is on. */
  reused?: { said: boolean };
  /** Its pods' containers are Docker's, through cri-dockerd: see `DockerHost`. */
  docker?: true;
  /** It is claimed by a node of another cluster too. */
  claimed?: true;
}

/** A managed cluster, or that of the lab; its nodes are the machines of node slots of its place. */
export interface Cluster {
  index: number;
  /** Like `prod-eu-west-1`. */
  name: string;
  /** uid of the `kube-system` namespace. */
  uid: string;
  cloud: Platform;
  place: Place;
  /** Server version: `v1.35.4`. */
  version: string;
  /** Node slots, spread over the pools. */
  nodes: number;
  pools: readonly Pool[];
  /** Containers it should hold. */
  budget: number;
  /** By node slot. */
  anomalies: ReadonlyMap<number, Anomaly>;
  /** Nodes of other clusters whose VM once was this cluster's: their node objects are still here, as `Unknown`, after its own. */
  staleNodes: readonly { cluster: Cluster; index: number }[];
  /** Node slots at the end that carry only the pods made for them: Fargate's and virtual nodes. */
  reserved: number;
  /** KubeVirt's VMs in it. */
  virtualMachines: number;
}

export interface Pool {
  name: string;
  spot: boolean;
  size: Size;
}

/** A node as Kubernetes sees it. */
export interface Node {
  cluster: Cluster;
  machine: Machine;
  /** The node object's name. */
  name: string;
  uid: string;
  managed: ManagedNode | null;
  /** `spec.providerID`, null where nobody set it. Fargate's names no instance. */
  providerId: string | null;
  /** GKE's annotation `container.googleapis.com/instance_id`. */
  instanceId: string | null;
  /** `nodeInfo.systemUUID`, which of Azure's generation 1 is byte-swapped. */
  systemUuid: string;
  /** `nodeInfo.machineID`: 32 hexadecimal digits, shared among clones. */
  machineId: string;
  /** Prefix of its containers' ids. */
  runtime: 'containerd' | 'docker';
  /** Left over from a VM that another cluster has now. */
  staleNode: boolean;
  /** Slot in the cluster. */
  index: number;
  ready: 'True' | 'False' | 'Unknown';
  /** Cordoned. */
  unschedulable: boolean;
  createdAt: number;
  /** cores and MiB that pods may use. */
  allocatable: { cpu: number; memory: number; pods: number };
}

/** `VirtualMachineInstance`: KubeVirt's, owner of a virt-launcher pod. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'VirtualMachineInstance';

/** One container of a workload's pod template. */
export interface Template {
  name: string;
  /** With its tag as of the pod's revision. */
  image: string;
  /** Cores and MiB; null = not set. */
  requests: { cpu: number; memory: number } | null;
  limits: { cpu: number | null; memory: number } | null;
  init: boolean;
  ports: readonly number[];
}

/** A workload as it is at one moment. */
export interface Workload {
  cluster: Cluster;
  /** Stable number in the cluster. */
  index: number;
  kind: WorkloadKind;
  namespace: string;
  name: string;
  uid: string;
  service: Service;
  environment: EnvironmentName;
  /** Rises with each deploy. */
  revision: number;
  replicas: number;
  createdAt: number;
  labels: Readonly<Record<string, string>>;
}

/** ReplicaSets of a Deployment (current and the one before), Jobs of a CronJob. */
export interface Owner {
  kind: 'ReplicaSet' | 'Job';
  name: string;
  uid: string;
  workload: Workload;
  revision: number;
  createdAt: number;
  replicas: number;
}

export type ContainerState =
  | { type: 'waiting'; reason: string; message: string }
  | { type: 'running'; startedAt: number }
  | { type: 'terminated'; reason: string; exitCode: number; startedAt: number; finishedAt: number };

export interface Container extends Template {
  /** `containerd://<64 hex>` or, on nodes with cri-dockerd, `docker://<64 hex>`; null before it was created. */
  containerId: string | null;
  /** With digest, null before it was pulled. */
  imageId: string | null;
  state: ContainerState;
  /** How it ended the last time, where it restarted. */
  lastState: ContainerState | null;
  ready: boolean;
  restarts: number;
}

/** One pod as it is at one moment. */
export interface Pod {
  cluster: Cluster;
  workload: Workload;
  /** Null for pods of StatefulSets and DaemonSets, which own them directly. */
  owner: Owner | null;
  name: string;
  uid: string;
  /** Null while no node has room for it. */
  node: Node | null;
  address: string | null;
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** `Unschedulable`, `Evicted`, ... */
  reason: string | null;
  message: string | null;
  createdAt: number;
  startedAt: number | null;
  /** Set while it terminates. */
  deletedAt: number | null;
  containers: readonly Container[];
  initContainers: readonly Container[];
  /** It has a readiness gate that nobody has opened: ready containers in a pod that is not. */
  gated: boolean;
  labels: Readonly<Record<string, string>>;
  qos: 'Guaranteed' | 'Burstable' | 'BestEffort';
  /** `gvisor` or `kata` for a few. */
  runtimeClass: string | null;
  /** To be planted in `env`, `last-applied-configuration`, managedFields. */
  secret: string;
}

/** What a cluster's watch has to look at between two moments. */
export interface Touched {
  /** Indexes of workloads of which a pod may differ. */
  workloads: readonly number[];
  /** Node slots that may differ; pods on them are covered by `workloads`. */
  nodes: readonly number[];
}
