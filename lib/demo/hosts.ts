import { type DeskSchedule, deskScheduleOf, vmsOfDesk } from './desks.ts';
import { containersOf, DOCK_EVENT_MS, type Dock, dockerPrint, dockOf } from './docker.ts';
import { dockerHostOf, petAt } from './docker-hosts.ts';
import { containersOfPod } from './docker-pods.ts';
import { DOMAIN_EVENT_MS, domainOfServer, domainPrint, domainsOf, type Stable, stableOf } from './domains.ts';
import { type ClusterSchedule, clusterScheduleOf, INCUS_EVENT_MS, incusPrint, instancesOf } from './incus.ts';
import { type LabVm, type LaptopSchedule, laptopScheduleOf, vmsOf } from './laptops.ts';
import { listedMachines, SLOT_EVENT_MS } from './machines.ts';
import type { Plan } from './plan/plan.ts';
import { LAB } from './plan/plan-virtualbox.ts';
import type { Ground } from './plan/slots.ts';
import { serverOf } from './servers.ts';
import { remember } from './time/remember.ts';
import { turnOf, turnsBetween } from './time/schedule.ts';
import { difference } from './truth/difference.ts';
import type { Account, Machine, Place, Pod } from './types/types.ts';
import type { DockerContainer, DockerHost } from './types/types-docker.ts';
import type { Fleet } from './types/types-fleet.ts';
import type { IncusCluster, IncusInstance } from './types/types-incus.ts';
import type { Domain, LibvirtHost } from './types/types-libvirt.ts';
import type { Hypervisor, Server } from './types/types-openstack.ts';
import type { Laptop, VirtualBoxVm } from './types/types-virtualbox.ts';
import type { Desk, DeskVm } from './types/types-workstation.ts';

/**
 * What stands below and beside the clouds: Nova's servers on their hypervisors, libvirt's domains, Docker's containers,
 * the instances of Incus, the VMs of laptops and desks.
 */
export class Hosts {
  readonly #plan: Plan;
  readonly #fleet: Fleet;
  readonly #groundAt: (place: Place) => Ground;
  readonly #hostile: boolean;
  readonly #stables = new Map<LibvirtHost, Stable>();
  readonly #docks = new Map<DockerHost, Dock>();
  readonly #clusterSchedules = new Map<IncusCluster, ClusterSchedule>();
  readonly #laptopSchedules = new Map<Laptop, LaptopSchedule>();
  readonly #desks = new Map<Desk, DeskSchedule>();
  #docker: readonly DockerHost[] | null = null;

  constructor(plan: Plan, fleet: Fleet, groundAt: (place: Place) => Ground, hostile: boolean) {
    this.#plan = plan;
    this.#fleet = fleet;
    this.#groundAt = groundAt;
    this.#hostile = hostile;
  }

  dockerHosts(): readonly DockerHost[] {
    this.#docker ??= this.#plan.docker.map((seat) => dockerHostOf(this.#plan, seat, this.#groundAt));
    return this.#docker;
  }

  dockerMachine(host: DockerHost, now: number): Machine | null {
    return host.on && petAt(this.#groundAt(host.on.place), host.on.slot, now);
  }

  deskVms(desk: Desk, now: number): Generator<DeskVm> {
    return vmsOfDesk(
      remember(this.#desks, desk, () => deskScheduleOf(this.#plan, desk)),
      now,
    );
  }

  *servers(project: Account, now: number): Generator<Server> {
    for (const place of project.places)
      for (let slot = 0; slot < place.slots; slot++) yield* this.#serversAt(place, slot, now);
  }

  *serversOn(hypervisor: Hypervisor, now: number): Generator<Server> {
    if (hypervisor.cellDown) return;
    for (const { place, slot } of this.#slotsOn(hypervisor))
      for (const server of this.#serversAt(place, slot, now)) if (server.hypervisor === hypervisor) yield server;
  }

  *domains(host: LibvirtHost, now: number): Generator<Domain> {
    if (!host.hypervisor) yield* domainsOf(this.#stable(host), now);
    else yield* domainsIn(host, this.serversOn(host.hypervisor, now));
  }

  virtualBoxVms(laptop: Laptop, now: number): Generator<VirtualBoxVm> {
    const laptopSchedule = remember(this.#laptopSchedules, laptop, () => laptopScheduleOf(this.#plan, laptop));
    return vmsOf(laptopSchedule, laptop.index === 0 ? this.#lab() : new Map(), now);
  }

  /** The lab's VMs of the first laptop. */
  #lab(): Map<number, LabVm> {
    const lab = new Map<number, LabVm>();
    const docker = this.dockerHosts().find(({ inLab }) => inLab);
    if (docker)
      lab.set(LAB.docker, {
        name: 'docker-lab',
        uuid: null,
        vcpus: docker.ncpu,
        memory: 4096,
        address: docker.swarm?.nodeAddr ?? null,
        docker,
      });
    const cluster = this.#plan.clusters.find(({ cloud }) => cloud === 'virtualbox');
    if (cluster) {
      const { name, systemUuid, size, privateAddress } = petAt(this.#groundAt(cluster.place), 0, 0);
      const { vcpus, memory } = size;
      lab.set(LAB.cluster, { name, uuid: systemUuid, vcpus, memory, address: privateAddress, docker: null });
    }
    return lab;
  }

  *dockerContainers(host: DockerHost, now: number): Generator<DockerContainer> {
    const cluster = host.on?.cluster;
    if (!cluster) yield* containersOf(this.#dock(host), now);
    else yield* containersIn(host, this.#fleet.at(now).pods(cluster));
  }

  incusInstances(cluster: IncusCluster, now: number): Iterable<IncusInstance> {
    return instancesOf(this.#clusterSchedule(cluster), now);
  }

  changedIncusInstances(cluster: IncusCluster, from: number, to: number) {
    const clusterSchedule = this.#clusterSchedule(cluster);
    if (turnsBetween(clusterSchedule.schedule, from - INCUS_EVENT_MS, to).length === 0) return { put: [], gone: [] };
    const read = (now: number): IncusInstance[] => [...instancesOf(clusterSchedule, now)];
    return difference(read(from), read(to), ({ uuid }) => uuid, incusPrint);
  }

  changedDomains(host: LibvirtHost, from: number, to: number): { put: Domain[]; gone: Domain[] } {
    let read = (now: number): Domain[] => [...domainsOf(this.#stable(host), now)];
    if (host.hypervisor) {
      const moved = [...this.#slotsOn(host.hypervisor)].filter(
        ({ place, slot }) => turnOf(this.#groundAt(place).schedule, slot, to).at > from - SLOT_EVENT_MS,
      );
      read = (now) => moved.flatMap(({ place, slot }) => [...domainsIn(host, this.#serversAt(place, slot, now))]);
    } else if (turnsBetween(this.#stable(host).schedule, from - DOMAIN_EVENT_MS, to).length === 0)
      return { put: [], gone: [] };
    return difference(read(from), read(to), (domain) => domain.uuid, domainPrint);
  }

  changedDockerContainers(host: DockerHost, from: number, to: number) {
    const cluster = host.on?.cluster;
    let read = (now: number): DockerContainer[] => [...containersOf(this.#dock(host), now)];
    if (cluster) {
      const { workloads } = this.#fleet.touched(cluster, from, to);
      read = (now) => {
        const moment = this.#fleet.at(now);
        return workloads.flatMap((index) => [...containersIn(host, moment.podsOf(cluster, index))]);
      };
    } else if (turnsBetween(this.#dock(host).schedule, from - DOCK_EVENT_MS, to).length === 0)
      return { put: [], gone: [] };
    return difference(read(from), read(to), (container) => container.id, dockerPrint);
  }

  *#serversAt(place: Place, slot: number, now: number): Generator<Server> {
    const ground = this.#groundAt(place);
    for (const machine of listedMachines(ground, slot, now, this.#hostile))
      yield serverOf(ground, this.#plan.openstack, machine);
  }

  /** Servers are dealt out to the hypervisors in turn, over all projects: see `hypervisorIndex`. */
  *#slotsOn({ index }: Hypervisor): Generator<{ place: Place; slot: number }> {
    const { projects, hypervisors } = this.#plan.openstack;
    const count = hypervisors.length;
    for (const project of projects)
      for (const place of project.places) {
        const first = (index - ((place.offset - this.#plan.serverOffset) % count) + count) % count;
        for (let slot = first; slot < place.slots; slot += count) yield { place, slot };
      }
  }

  #stable(host: LibvirtHost): Stable {
    return remember(this.#stables, host, () => stableOf(this.#plan, host));
  }

  #clusterSchedule(cluster: IncusCluster): ClusterSchedule {
    return remember(this.#clusterSchedules, cluster, () => clusterScheduleOf(this.#plan, cluster));
  }

  #dock(host: DockerHost): Dock {
    return remember(this.#docks, host, () => dockOf(this.#plan, host));
  }
}

function* domainsIn(host: LibvirtHost, servers: Iterable<Server>): Generator<Domain> {
  for (const server of servers) {
    const domain = server.hypervisor === host.hypervisor ? domainOfServer(host, server) : null;
    if (domain) yield domain;
  }
}

function* containersIn(host: DockerHost, pods: Iterable<Pod>): Generator<DockerContainer> {
  for (const pod of pods) if (pod.node && pod.node.index === host.on?.index) yield* containersOfPod(host, pod);
}
