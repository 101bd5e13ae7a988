import * as uids from '../plan/uids.ts';
import type { Machine, Node } from '../types/types.ts';
import type { DockerHost } from '../types/types-docker.ts';
import type { Fleet, Moment } from '../types/types-fleet.ts';
import type { LibvirtHost } from '../types/types-libvirt.ts';
import type { Hypervisor, Server } from '../types/types-openstack.ts';
import type { Truth, TruthEvidence, TruthMachine, TruthPair, TruthRunsOn } from '../types/types-truth.ts';
import { plantedOf } from './truth-planted.ts';

/** What is so in a fleet at one moment, told from the same plan that the mocks answer from. */
export function truthOf(fleet: Fleet, moment: Moment): Truth {
  return {
    machines: () => machines(fleet, moment),
    runsOn: () => runsOn(fleet, moment),
    planted: () => plantedOf(fleet, moment),
  };
}

const pair = (a: string, b: string, by: TruthEvidence | null, certain = true): TruthPair => ({ a, b, by, certain });

function machineOf(pairs: readonly TruthPair[]): TruthMachine {
  return { members: [...new Set(pairs.flatMap(({ a, b }) => [a, b]))], pairs };
}

function* machines(fleet: Fleet, moment: Moment): Generator<TruthMachine> {
  const cloud = fleet.openstack();
  const libvirtOn = new Map(fleet.libvirtHosts().map((host) => [host.hypervisor, host]));
  const dockerOn = new Map(fleet.dockerHosts().map((host) => [seatOf(host), host]));
  const domainOf = (server: Server): string | null => {
    const host = server.hypervisor && libvirtOn.get(server.hypervisor);
    if (!host || server.status === 'ERROR') return null;
    return uids.domainUid({ host, uuid: server.uuid });
  };
  // A server that carries a node or an engine is told with it.
  const carries = new Set(fleet.dockerHosts().map((host) => moment.dockerMachine(host)?.systemUuid));
  const domains = new Map<string, string>();
  for (const project of cloud.projects)
    for (const server of moment.servers(project)) {
      const domain = domainOf(server);
      if (!domain) continue;
      if (server.machine.node || carries.has(server.uuid)) domains.set(server.uuid, domain);
      else yield machineOf([pair(uids.machineUid(server.machine, cloud), domain, 'system-uuid')]);
    }
  for (const cluster of fleet.clusters())
    for (const node of moment.nodes(cluster)) {
      const pairs: TruthPair[] = [];
      const vm = uids.machineUid(node.machine, cloud);
      const by = nodeEvidence(node);
      if (by) pairs.push(pair(vm, uids.nodeUid(node), ...by));
      const domain = by && domains.get(node.machine.systemUuid);
      if (domain) pairs.push(pair(vm, domain, 'system-uuid'));
      const docker = node.staleNode ? undefined : dockerOn.get(`${cluster.uid} ${node.index}`);
      if (docker) pairs.push(pair(uids.nodeUid(node), uids.dockerHostUid(docker), 'guests'));
      if (pairs.length > 0) yield machineOf(pairs);
    }
  for (const host of fleet.dockerHosts()) {
    const machine = host.on?.cluster ? null : moment.dockerMachine(host);
    if (machine) yield vmOfDocker(host, machine);
  }
  for (const laptop of fleet.laptops())
    for (const vm of moment.virtualBoxVms(laptop))
      if (vm.docker) yield machineOf([onVm(vm.docker, uids.virtualBoxUid(vm))]);
  for (const host of fleet.libvirtHosts()) if (host.hypervisor) yield machineOf([hardware(host, host.hypervisor)]);
  for (const host of fleet.dockerHosts())
    for (const container of host.on?.cluster ? moment.dockerContainers(host) : []) {
      const seen = container.pod?.container;
      if (!seen || !container.pod) continue;
      const { pod } = container.pod;
      const asPod = uids.containerUid(pod.cluster, pod, seen);
      yield machineOf([pair(asPod, uids.dockerContainerUid(container), 'runtime-id')]);
    }

  function vmOfDocker(host: DockerHost, machine: Machine): TruthMachine {
    const vm = uids.machineUid(machine, cloud);
    const pairs = [onVm(host, vm)];
    const domain = domains.get(machine.systemUuid);
    if (domain) pairs.push(pair(vm, domain, 'system-uuid'));
    return machineOf(pairs);
  }
  function hardware(host: LibvirtHost, hypervisor: Hypervisor): TruthPair {
    return pair(uids.hypervisorUid(cloud, hypervisor), uids.libvirtHostUid(host), 'guests');
  }
}

/** An engine says nothing of its machine that proves it: a swarm names its address, others not even that. */
const onVm = (host: DockerHost, vm: string): TruthPair =>
  pair(vm, uids.dockerHostUid(host), host.swarm ? 'address' : null, false);

const seatOf = ({ id, on }: DockerHost): string => (on?.cluster ? `${on.cluster.uid} ${on.index}` : id);

/** What proves that a node is its VM; null where no cloud lists one or the VM is another cluster's by now. */
function nodeEvidence(node: Node): readonly [by: TruthEvidence, certain: boolean] | null {
  const anomaly = node.machine.node?.cluster.anomalies.get(node.machine.node.index);
  if (node.staleNode || anomaly?.managed || anomaly?.unlisted) return null;
  if (anomaly?.claimed) return ['provider-id', false];
  if (anomaly?.reused) return anomaly.reused.said ? ['instance-id', true] : ['provider-id', false];
  return anomaly?.swapped || node.machine.cloud === 'virtualbox' ? ['system-uuid', true] : ['provider-id', true];
}

function* runsOn(fleet: Fleet, moment: Moment): Generator<TruthRunsOn> {
  const cloud = fleet.openstack();
  for (const project of cloud.projects)
    for (const { machine, hypervisor } of moment.servers(project))
      if (hypervisor && !hypervisor.cellDown)
        yield on(uids.machineUid(machine, cloud), uids.hypervisorUid(cloud, hypervisor), 'host');
  for (const host of fleet.libvirtHosts())
    for (const domain of moment.domains(host)) yield on(uids.domainUid(domain), uids.libvirtHostUid(host), 'host');
  for (const laptop of fleet.laptops())
    for (const vm of moment.virtualBoxVms(laptop)) yield on(uids.virtualBoxUid(vm), uids.laptopUid(laptop), 'host');
  for (const host of fleet.dockerHosts())
    for (const container of moment.dockerContainers(host))
      yield on(uids.dockerContainerUid(container), uids.dockerHostUid(host), 'host');
  for (const cluster of fleet.incusClusters())
    for (const instance of moment.incusInstances(cluster))
      yield on(uids.incusInstanceUid(instance), uids.incusMemberUid(cluster, instance.member), 'host');
  for (const desk of fleet.desks())
    for (const vm of moment.deskVms(desk)) yield on(uids.deskVmUid(vm), uids.deskUid(desk), 'host');
  for (const cluster of fleet.clusters())
    for (const pod of moment.pods(cluster))
      for (const container of pod.node ? [...pod.initContainers, ...pod.containers] : [])
        if (pod.node) yield on(uids.containerUid(cluster, pod, container), uids.nodeUid(pod.node), 'node');
}

const on = (guest: string, host: string, by: TruthEvidence): TruthRunsOn => ({ guest, host, by, certain: true });
