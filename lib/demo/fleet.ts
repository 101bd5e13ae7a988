import { Hosts } from './hosts.ts';
import { cronChanged, cronOccurrences, jobOf } from './jobs.ts';
import { listedMachines, SLOT_EVENT_MS } from './machines.ts';
import { lifetimeOf, nodeOf, staleNodeOf } from './nodes.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { type Ground, groundOf } from './plan/slots.ts';
import {
  type ClusterPlan,
  clusterPlanOf,
  deployOf,
  type WorkloadSpec,
  workloadOf,
  workloadTurn,
} from './plan/workloads.ts';
import { type NodeCache, nodeIndex, podsOf, replicaSetOf } from './pods.ts';
import { remember } from './time/remember.ts';
import { turnsBetween } from './time/schedule.ts';
import { occurrencesOf, WORKLOAD_EVENT_MS } from './time/timeline.ts';
import { difference } from './truth/difference.ts';
import { truthOf } from './truth/truth.ts';
import type { Account, Cloud, Cluster, Node, Owner, Place, Pod, Touched } from './types/types.ts';
import type { DockerHost } from './types/types-docker.ts';
import type { Fleet, FleetOptions, Moment } from './types/types-fleet.ts';
import type { IncusCluster } from './types/types-incus.ts';
import type { LibvirtHost } from './types/types-libvirt.ts';
import type { Hypervisor } from './types/types-openstack.ts';
import type { Laptop } from './types/types-virtualbox.ts';
import type { Desk } from './types/types-workstation.ts';

/** From how many resources on people have put strange things into tags. */
const HOSTILE_FROM = 5000;

/**
 * The seeded fleet: one believable organisation on several clouds and clusters. Same seed and size, same fleet; at any time it is
 * a pure function of that time. Nothing is made before it is asked for, nothing but the plan is kept.
 */
export function openFleet(options: FleetOptions): Fleet {
  const plan = makePlan(options.seed, options.resources, options.faults ?? true);
  return new SeededFleet(plan);
}

const open = new Map<string, Fleet>();

/** {@link openFleet}, one for all sources of this process that name the same fleet, so that their plans exist once. */
export function fleetOf(options: FleetOptions): Fleet {
  const { seed, resources, faults = true } = options;
  return remember(open, `${seed}/${resources}/${faults}`, () => openFleet(options));
}

class SeededFleet implements Fleet {
  readonly seed: number;
  readonly resources: number;
  readonly faults: boolean;
  readonly hosts: Hosts;
  readonly #plan: Plan;
  readonly #grounds = new Map<Place, Ground>();
  readonly #clusterPlans = new Map<Cluster, ClusterPlan>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.seed = plan.seed;
    this.resources = plan.resources;
    this.faults = plan.faults;
    this.hosts = new Hosts(plan, this, (place) => this.ground(place), this.hostile);
  }

  accounts(cloud: Cloud) {
    return this.#plan.accounts[cloud];
  }

  clusters() {
    return this.#plan.clusters;
  }

  openstack() {
    return this.#plan.openstack;
  }

  libvirtHosts() {
    return this.#plan.libvirt;
  }

  dockerHosts() {
    return this.hosts.dockerHosts();
  }

  incusClusters() {
    return this.#plan.incus;
  }

  laptops() {
    return this.#plan.laptops;
  }

  desks() {
    return this.#plan.desks;
  }

  at(now: number): Moment {
    return new FleetMoment(this, now);
  }

  get hostile(): boolean {
    return this.resources >= HOSTILE_FROM;
  }

  ground(place: Place): Ground {
    return remember(this.#grounds, place, () => groundOf(this.#plan, place));
  }

  clusterPlan(cluster: Cluster): ClusterPlan {
    return remember(this.#clusterPlans, cluster, () => clusterPlanOf(this.#plan, cluster));
  }

  touched(cluster: Cluster, from: number, to: number): Touched {
    const ground = this.ground(cluster.place);
    const clusterPlan = this.clusterPlan(cluster);
    const first = firstNodeSlot(ground, cluster);
    const nodes = turnsBetween(ground.schedule, from - SLOT_EVENT_MS, to)
      .map((slot) => slot - first)
      .filter((index) => index >= 0 && index < cluster.nodes);
    const workloads = new Set(turnsBetween(clusterPlan.schedule, from - WORKLOAD_EVENT_MS, to));
    const moved = new Set(nodes);
    for (const spec of clusterPlan.specs) {
      if (spec.kind === 'CronJob' && cronChanged(spec, from, to)) workloads.add(spec.index);
      if (moved.size > 0 && !workloads.has(spec.index) && standsOn(clusterPlan, spec, moved, to))
        workloads.add(spec.index);
    }
    return { workloads: [...workloads].sort((a, b) => a - b), nodes };
  }

  changedPods(cluster: Cluster, from: number, to: number) {
    const { workloads } = this.touched(cluster, from, to);
    const read = (now: number) => {
      const moment = this.at(now);
      return workloads.flatMap((index) => [...moment.podsOf(cluster, index)]);
    };
    return difference(read(from), read(to), (pod) => pod.uid, podPrint);
  }

  changedNodes(cluster: Cluster, from: number, to: number) {
    const { nodes } = this.touched(cluster, from, to);
    const read = (now: number) => {
      const moment = this.at(now);
      return nodes.map((index) => moment.node(cluster, index)).filter((node) => node !== null);
    };
    return difference(read(from), read(to), (node) => node.uid, nodePrint);
  }

  changedDomains(host: LibvirtHost, from: number, to: number) {
    return this.hosts.changedDomains(host, from, to);
  }

  changedDockerContainers(host: DockerHost, from: number, to: number) {
    return this.hosts.changedDockerContainers(host, from, to);
  }

  changedIncusInstances(cluster: IncusCluster, from: number, to: number) {
    return this.hosts.changedIncusInstances(cluster, from, to);
  }
}

class FleetMoment implements Moment {
  readonly now: number;
  readonly #fleet: SeededFleet;
  readonly #nodeCaches = new Map<Cluster, NodeCache>();

  constructor(fleet: SeededFleet, now: number) {
    this.#fleet = fleet;
    this.now = now;
  }

  *machines(place: Place) {
    const ground = this.#fleet.ground(place);
    for (let slot = 0; slot < place.slots; slot++) yield* listedMachines(ground, slot, this.now, this.#fleet.hostile);
  }

  servers(project: Account) {
    return this.#fleet.hosts.servers(project, this.now);
  }

  serversOn(hypervisor: Hypervisor) {
    return this.#fleet.hosts.serversOn(hypervisor, this.now);
  }

  domains(host: LibvirtHost) {
    return this.#fleet.hosts.domains(host, this.now);
  }

  dockerContainers(host: DockerHost) {
    return this.#fleet.hosts.dockerContainers(host, this.now);
  }

  incusInstances(cluster: IncusCluster) {
    return this.#fleet.hosts.incusInstances(cluster, this.now);
  }

  virtualBoxVms(laptop: Laptop) {
    return this.#fleet.hosts.virtualBoxVms(laptop, this.now);
  }

  deskVms(desk: Desk) {
    return this.#fleet.hosts.deskVms(desk, this.now);
  }

  dockerMachine(host: DockerHost) {
    return this.#fleet.hosts.dockerMachine(host, this.now);
  }

  truth() {
    return truthOf(this.#fleet, this);
  }

  *nodes(cluster: Cluster) {
    for (let index = 0; index < cluster.nodes + cluster.staleNodes.length; index++) {
      const node = this.node(cluster, index);
      if (node) yield node;
    }
  }

  node(cluster: Cluster, index: number): Node | null {
    const staleNode = cluster.staleNodes[index - cluster.nodes];
    if (!staleNode) return this.#nodeCache(cluster).node(index);
    const node = this.#nodeCache(staleNode.cluster).node(staleNode.index);
    return node && staleNodeOf(node, cluster, index);
  }

  *workloads(cluster: Cluster) {
    const clusterPlan = this.#fleet.clusterPlan(cluster);
    for (const spec of clusterPlan.specs) yield workloadOf(clusterPlan, spec, this.now);
  }

  workload(cluster: Cluster, index: number) {
    const clusterPlan = this.#fleet.clusterPlan(cluster);
    return workloadOf(clusterPlan, specAt(clusterPlan, index), this.now);
  }

  *owners(cluster: Cluster): Generator<Owner> {
    const clusterPlan = this.#fleet.clusterPlan(cluster);
    for (const spec of clusterPlan.specs) {
      const workload = workloadOf(clusterPlan, spec, this.now);
      if (spec.kind === 'CronJob')
        for (const occurrence of cronOccurrences(spec, this.now)) yield jobOf(spec, workload, occurrence);
      if (spec.kind !== 'Deployment') continue;
      const before = deployOf(
        clusterPlan,
        spec,
        deployOf(clusterPlan, spec, workloadTurn(clusterPlan, spec, this.now).epoch).epoch - 1,
      );
      yield replicaSetOf(spec, workload, workload.revision, workload.replicas);
      yield replicaSetOf(spec, workload, before.epoch, 0);
    }
  }

  *pods(cluster: Cluster): Generator<Pod> {
    const count = this.#fleet.clusterPlan(cluster).specs.length;
    for (let index = 0; index < count; index++) yield* this.podsOf(cluster, index);
  }

  podsOf(cluster: Cluster, index: number): Iterable<Pod> {
    const clusterPlan = this.#fleet.clusterPlan(cluster);
    const spec = specAt(clusterPlan, index);
    return podsOf(clusterPlan, spec, workloadOf(clusterPlan, spec, this.now), this.#nodeCache(cluster), this.now);
  }

  /** Nodes of a cluster are made once per moment: each carries dozens of pods. */
  #nodeCache(cluster: Cluster): NodeCache {
    return remember(this.#nodeCaches, cluster, () => {
      const ground = this.#fleet.ground(cluster.place);
      const nodes = new Map<number, Node | null>();
      const lifetimes = new Map<number, ReturnType<typeof lifetimeOf>>();
      return {
        lifetime: (index) => remember(lifetimes, index, () => lifetimeOf(ground, cluster, index, this.now)),
        node: (index) => remember(nodes, index, () => nodeOf(ground, cluster, index, this.now, this.#fleet.hostile)),
      };
    });
  }
}

function specAt(clusterPlan: ClusterPlan, index: number): WorkloadSpec {
  const spec = clusterPlan.specs[index];
  if (!spec) throw new RangeError(`${clusterPlan.cluster.name} has no workload ${index}`);
  return spec;
}

function firstNodeSlot(ground: Ground, cluster: Cluster): number {
  let slot = ground.firstNode;
  for (const other of ground.place.clusters) {
    if (other === cluster) break;
    slot += other.nodes;
  }
  return slot;
}

function standsOn(clusterPlan: ClusterPlan, spec: WorkloadSpec, nodes: ReadonlySet<number>, now: number): boolean {
  if (spec.kind === 'DaemonSet') return true;
  const occurrences = spec.kind === 'CronJob' ? cronOccurrences(spec, now) : occurrencesOf(clusterPlan, spec, now);
  for (const occurrence of occurrences) if (nodes.has(nodeIndex(clusterPlan, spec, occurrence))) return true;
  return false;
}

const podPrint = (pod: Pod): string =>
  JSON.stringify([
    pod.phase,
    pod.reason,
    pod.deletedAt,
    pod.node?.uid,
    pod.address,
    pod.containers,
    pod.initContainers,
  ]);

const nodePrint = (node: Node): string =>
  JSON.stringify([node.ready, node.unschedulable, node.machine.nativeId, node.machine.state, node.machine.startedAt]);
