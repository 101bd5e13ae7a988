import type { Account, Cloud, Cluster, Machine, Node, Owner, Place, Pod, Touched, Workload } from './types.ts';
import type { DockerContainer, DockerHost } from './types-docker.ts';
import type { IncusCluster, IncusInstance } from './types-incus.ts';
import type { Domain, LibvirtHost } from './types-libvirt.ts';
import type { Hypervisor, OpenStackCloud, Server } from './types-openstack.ts';
import type { Truth } from './types-truth.ts';
import type { Laptop, VirtualBoxVm } from './types-virtualbox.ts';
import type { Desk, DeskVm } from './types-workstation.ts';

export interface FleetOptions {
  seed: number;
  /** Size of the whole fleet over all providers, 100 to 1,000,000; kept to within a few per cent. */
  resources: number;
  /** A denied region, a throttled subscription, an unreachable region. Default true. */
  faults?: boolean;
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
  incusInstances(cluster: IncusCluster): Iterable<IncusInstance>;
  virtualBoxVms(laptop: Laptop): Iterable<VirtualBoxVm>;
  /** In the order of its library. */
  deskVms(desk: Desk): Iterable<DeskVm>;
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
  incusClusters(): readonly IncusCluster[];
  laptops(): readonly Laptop[];
  desks(): readonly Desk[];
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
  changedIncusInstances(
    cluster: IncusCluster,
    from: number,
    to: number,
  ): { put: IncusInstance[]; gone: IncusInstance[] };
}
