import type { State } from '#lib/model/index.ts';
import type { Key } from './hash.ts';

/** The clouds whose machines the fleet has. */
export const CLOUDS = ['aws', 'gcp', 'azure'] as const;
export type Cloud = (typeof CLOUDS)[number];

export interface FleetOptions {
  seed: number;
  /** Size of the whole fleet over all providers, 100 to 1,000,000; kept to within a few per cent. */
  resources: number;
  /** A denied region, a throttled subscription, an unreachable region. Default true. */
  faults?: boolean;
}

/** AWS account, GCP project, Azure subscription. */
export interface Account {
  cloud: Cloud;
  index: number;
  /** 12 digits, a project id, a subscription UUID. */
  id: string;
  name: string;
  places: readonly Place[];
}

/** One region of one account: the unit in which machines are made. */
export interface Place {
  account: Account;
  /** Its number in the fleet, which is also in its addresses. */
  number: number;
  /** In the cloud's spelling: `eu-west-1`, `europe-west1`, `westeurope`. */
  region: string;
  /** In the cloud's spelling: `eu-west-1a`, `europe-west1-b`, `1`. */
  zones: readonly string[];
  /** How many machine slots it has, node slots included. */
  slots: number;
  /** Clusters whose nodes stand here. */
  clusters: readonly Cluster[];
  /** What goes wrong here with `faults`: read by the mock clients, which answer as the cloud would. */
  fault: 'denied' | 'throttled' | 'unreachable' | null;
}

/** A managed cluster; its nodes are the machines of node slots of its place. */
export interface Cluster {
  index: number;
  /** Like `prod-eu-west-1`. */
  name: string;
  /** uid of the `kube-system` namespace. */
  uid: string;
  cloud: Cloud;
  place: Place;
  /** Server version: `v1.35.4`. */
  version: string;
  /** Node slots, spread over the pools. */
  nodes: number;
  pools: readonly Pool[];
  /** Containers it should hold. */
  budget: number;
}

export interface Pool {
  name: string;
  spot: boolean;
  size: Size;
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
  cloud: Cloud;
  place: Place;
  zone: string;
  /** Slot in its place and how often the slot was refilled: together its identity. */
  slot: number;
  generation: number;
  /** For whatever a mock must invent: `hex(17, [...key, 1])` is a volume id, the same each time. */
  key: Key;
  /** In the cloud's form: `i-0123456789abcdef0`, a 19-digit number as string, an ARM id in its usual spelling. */
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
  /** Lower case; what the firmware tells the guest (EC2: begins with `ec2`; Azure: the vmId). */
  systemUuid: string;
  /** Messy, as people write them; in order, no key twice. */
  tags: readonly (readonly [string, string])[];
  /** To be planted in user data, metadata and environment: must never be seen again. */
  secret: string;
}

/** A node as Kubernetes sees it. */
export interface Node {
  cluster: Cluster;
  machine: Machine;
  /** The node object's name. */
  name: string;
  uid: string;
  /** Slot in the cluster. */
  index: number;
  ready: 'True' | 'False' | 'Unknown';
  /** Cordoned. */
  unschedulable: boolean;
  createdAt: number;
  /** cores and MiB that pods may use. */
  allocatable: { cpu: number; memory: number; pods: number };
}

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';

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
  /** `containerd://<64 hex>`, null before it was created. */
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

/** The fleet at one moment: a pure function of (seed, size, time). Everything is made when asked for and kept by nobody. */
export interface Moment {
  readonly now: number;
  /** Machines of a region of an account, nodes of clusters included, in slot order. */
  machines(place: Place): Iterable<Machine>;
  nodes(cluster: Cluster): Iterable<Node>;
  workloads(cluster: Cluster): Iterable<Workload>;
  workload(cluster: Cluster, index: number): Workload;
  /** ReplicaSets and Jobs, the owners between workload and pod. */
  owners(cluster: Cluster): Iterable<Owner>;
  /** In workload order. */
  pods(cluster: Cluster): Iterable<Pod>;
  podsOf(cluster: Cluster, index: number): Iterable<Pod>;
  node(cluster: Cluster, index: number): Node | null;
}

export interface Fleet {
  readonly seed: number;
  readonly resources: number;
  readonly faults: boolean;
  accounts(cloud: Cloud): readonly Account[];
  clusters(): readonly Cluster[];
  /** @param now epoch milliseconds */
  at(now: number): Moment;
  /** What may differ between two moments; cheap, never misses a difference. */
  touched(cluster: Cluster, from: number, to: number): Touched;
  /** Pods of a cluster that are otherwise at `to` than at `from`: the objects at `to`, and the names of those gone. */
  changedPods(cluster: Cluster, from: number, to: number): { put: Pod[]; gone: Pod[] };
  changedNodes(cluster: Cluster, from: number, to: number): { put: Node[]; gone: Node[] };
}
