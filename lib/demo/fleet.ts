import { Hosts } from './hosts.ts';
import { cronChanged, cronSlips, jobOf } from './jobs.ts';
import { listedMachines, SLOT_EVENT_MS } from './machines.ts';
import { ghostOf, nodeOf, tenureOf } from './nodes.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { type Ground, groundOf } from './plan/slots.ts';
import { deployOf, type Estate, estateOf, type Scheme, workloadOf, workloadTurn } from './plan/workloads.ts';
import { type Floor, nodeIndex, podsOf, replicaSetOf } from './pods.ts';
import { remember } from './time/remember.ts';
import { turnsBetween } from './time/rota.ts';
import { slipsOf, WORKLOAD_EVENT_MS } from './time/timeline.ts';
import { difference } from './truth/difference.ts';
import { truthOf } from './truth/truth.ts';
import type { Account, Cluster, Node, Owner, Place, Pod, Touched } from './types/types.ts';
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
  readonly #estates = new Map<Cluster, Estate>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.seed = plan.seed;
    this.resources = plan.resources;
    this.faults = plan.faults;
    this.hosts = new Hosts(plan, this, (place) => this.ground(place), this.hostile);
  }

  accounts(cloud: Cluster['cloud']) {
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

  estate(cluster: Cluster): Estate {
    return remember(this.#estates, cluster, () => estateOf(this.#plan, cluster));
  }

  touched(cluster: Cluster, from: number, to: number): Touched {
    const ground = this.ground(cluster.place);
    const estate = this.estate(cluster);
    const first = firstNodeSlot(ground, cluster);
    const nodes = turnsBetween(ground.rota, from - SLOT_EVENT_MS, to)
      .map((slot) => slot - first)
      .filter((index) => index >= 0 && index < cluster.nodes);
    const workloads = new Set(turnsBetween(estate.rota, from - WORKLOAD_EVENT_MS, to));
    const moved = new Set(nodes);
    for (const scheme of estate.schemes) {
      if (scheme.kind === 'CronJob' && cronChanged(scheme, from, to)) workloads.add(scheme.index);
      if (moved.size > 0 && !workloads.has(scheme.index) && standsOn(estate, scheme, moved, to))
        workloads.add(scheme.index);
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
  readonly #floors = new Map<Cluster, Floor>();

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
    for (let index = 0; index < cluster.nodes + cluster.ghosts.length; index++) {
      const node = this.node(cluster, index);
      if (node) yield node;
    }
  }

  node(cluster: Cluster, index: number): Node | null {
    const ghost = cluster.ghosts[index - cluster.nodes];
    if (!ghost) return this.#floor(cluster).node(index);
    const node = this.#floor(ghost.cluster).node(ghost.index);
    return node && ghostOf(node, cluster, index);
  }

  *workloads(cluster: Cluster) {
    const estate = this.#fleet.estate(cluster);
    for (const scheme of estate.schemes) yield workloadOf(estate, scheme, this.now);
  }

  workload(cluster: Cluster, index: number) {
    const estate = this.#fleet.estate(cluster);
    return workloadOf(estate, schemeAt(estate, index), this.now);
  }

  *owners(cluster: Cluster): Generator<Owner> {
    const estate = this.#fleet.estate(cluster);
    for (const scheme of estate.schemes) {
      const workload = workloadOf(estate, scheme, this.now);
      if (scheme.kind === 'CronJob')
        for (const slip of cronSlips(scheme, this.now)) yield jobOf(scheme, workload, slip);
      if (scheme.kind !== 'Deployment') continue;
      const before = deployOf(
        estate,
        scheme,
        deployOf(estate, scheme, workloadTurn(estate, scheme, this.now).epoch).epoch - 1,
      );
      yield replicaSetOf(scheme, workload, workload.revision, workload.replicas);
      yield replicaSetOf(scheme, workload, before.epoch, 0);
    }
  }

  *pods(cluster: Cluster): Generator<Pod> {
    const count = this.#fleet.estate(cluster).schemes.length;
    for (let index = 0; index < count; index++) yield* this.podsOf(cluster, index);
  }

  podsOf(cluster: Cluster, index: number): Iterable<Pod> {
    const estate = this.#fleet.estate(cluster);
    const scheme = schemeAt(estate, index);
    return podsOf(estate, scheme, workloadOf(estate, scheme, this.now), this.#floor(cluster), this.now);
  }

  /** Nodes of a cluster are made once per moment: each carries dozens of pods. */
  #floor(cluster: Cluster): Floor {
    return remember(this.#floors, cluster, () => {
      const ground = this.#fleet.ground(cluster.place);
      const nodes = new Map<number, Node | null>();
      const tenures = new Map<number, ReturnType<typeof tenureOf>>();
      return {
        tenure: (index) => remember(tenures, index, () => tenureOf(ground, cluster, index, this.now)),
        node: (index) => remember(nodes, index, () => nodeOf(ground, cluster, index, this.now, this.#fleet.hostile)),
      };
    });
  }
}

function schemeAt(estate: Estate, index: number): Scheme {
  const scheme = estate.schemes[index];
  if (!scheme) throw new RangeError(`${estate.cluster.name} has no workload ${index}`);
  return scheme;
}

function firstNodeSlot(ground: Ground, cluster: Cluster): number {
  let slot = ground.firstNode;
  for (const other of ground.place.clusters) {
    if (other === cluster) break;
    slot += other.nodes;
  }
  return slot;
}

function standsOn(estate: Estate, scheme: Scheme, nodes: ReadonlySet<number>, now: number): boolean {
  if (scheme.kind === 'DaemonSet') return true;
  const slips = scheme.kind === 'CronJob' ? cronSlips(scheme, now) : slipsOf(estate, scheme, now);
  for (const slip of slips) if (nodes.has(nodeIndex(estate, scheme, slip))) return true;
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
