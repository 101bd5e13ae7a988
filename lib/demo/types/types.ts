import type { State } from '#lib/model/index.ts';
import type { Key } from '../time/hash.ts';
import type { DockerContainer, DockerHost } from './types-docker.ts';
import type { Cluster, Node, Owner, Pod, Pool, Touched, Workload } from './types-kubernetes.ts';
import type { Domain, LibvirtHost } from './types-libvirt.ts';
import type { Hypervisor, OpenStackCloud, Server } from './types-openstack.ts';
import type { Truth } from './types-truth.ts';

export type * from './types-kubernetes.ts';

/** The clouds whose machines the fleet has. */
export const CLOUDS = ['aws', 'gcp', 'azure', 'openstack'] as const;
export type Cloud = (typeof CLOUDS)[number];

export interface FleetOptions {
  seed: number;
  /** Size of the whole fleet over all providers, 100 to 1,000,000; kept to within a few per cent. */
  resources: number;
  /** A denied region, a throttled subscription, an unreachable region. Default true. */
  faults?: boolean;
}

/** AWS account, GCP project, Azure subscription, OpenStack project. */
export interface Account {
  cloud: Cloud;
  index: number;
  /** 12 digits, a project id, a subscription UUID, 32 hexadecimal digits. */
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
  /** In the cloud's spelling: `eu-west-1`, `europe-west1`, `westeurope`, `RegionOne`. */
  region: string;
  /** In the cloud's spelling: `eu-west-1a`, `europe-west1-b`, `1`, `az1`. */
  zones: readonly string[];
  /** How many machine slots it has, node slots included. */
  slots: number;
  /** The last slots before the nodes' hold machines that nobody stops or replaces: Docker runs on them. */
  pets: number;
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
  cloud: Cloud;
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
  /** Lower case; what the firmware tells the guest (EC2: begins with `ec2`; Azure: the vmId; Nova: the server's UUID). */
  systemUuid: string;
  /** Messy, as people write them; in order, no key twice. */
  tags: readonly (readonly [string, string])[];
  /** To be planted in user data, metadata and environment: must never be seen again. */
  secret: string;
}

/** The fleet at one moment: a pure function of (seed, size, time). Everything is made when asked for and kept by nobody. */
export interface Moment {
  readonly now: number;
  /** Machines of a region of an account as far as its cloud lists them, those of clusters' nodes included, in slot order. */
  machines(place: Place): Iterable<Machine>;
  /** Of one project; in slot order. */
  servers(project: Account): Iterable<Server>;
  /** Empty for one whose cell is down. */
  serversOn(hypervisor: Hypervisor): Iterable<Server>;
  /** In order of their definition. */
  domains(host: LibvirtHost): Iterable<Domain>;
  /** All of them, those that ended too. */
  dockerContainers(host: DockerHost): Iterable<DockerContainer>;
  /** The VM or node that a Docker host is; null for one on hardware that nothing else lists. */
  dockerMachine(host: DockerHost): Machine | null;
  /** What really is one machine and what really runs on what; made while it is read. */
  truth(): Truth;
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
  openstack(): OpenStackCloud;
  libvirtHosts(): readonly LibvirtHost[];
  dockerHosts(): readonly DockerHost[];
  /** @param now epoch milliseconds */
  at(now: number): Moment;
  /** What may differ between two moments; cheap, never misses a difference. */
  touched(cluster: Cluster, from: number, to: number): Touched;
  /** Pods of a cluster that are otherwise at `to` than at `from`: the objects at `to`, and the names of those gone. */
  changedPods(cluster: Cluster, from: number, to: number): { put: Pod[]; gone: Pod[] };
  changedNodes(cluster: Cluster, from: number, to: number): { put: Node[]; gone: Node[] };
  changedDomains(host: LibvirtHost, from: number, to: number): { put: Domain[]; gone: Domain[] };
  changedDockerContainers(
    host: DockerHost,
    from: number,
    to: number,
  ): { put: DockerContainer[]; gone: DockerContainer[] };
}
