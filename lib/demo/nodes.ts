import { generationOf, machinesOf } from './machines.ts';
import { eventOf, type Ground, nodeSlot, slotOf, slotTurn } from './plan/slots.ts';
import { chance, hex, mix, uuid } from './time/hash.ts';
import type { Anomaly, Cluster, Machine, Node } from './types/types.ts';

/** After its machine's replacement began: pods leave the old node, the new one is ready for pods. */
const LEAVE_MS = 20_000;
const READY_MS = 50_000;
/** How long a node is not ready or cordoned. */
const SICK_MS = 90_000;

/** When the node of a slot changed for the last time. */
export interface Lifetime {
  generation: number;
  /** Pods of the generation before are gone since then. */
  since: number;
  /** Pods run since then. */
  readyAt: number;
}

/** What pods must know of a node slot; does not make the machine. */
export function lifetimeOf(ground: Ground, cluster: Cluster, index: number, now: number): Lifetime {
  const slot = slotOf(ground, nodeSlot(ground, cluster, index));
  const turn = slotTurn(ground, slot, now);
  let current = generationOf(ground, slot, turn.epoch);
  if (now < current.at + LEAVE_MS) current = generationOf(ground, slot, current.epoch - 1);
  return { generation: current.epoch, since: current.at + LEAVE_MS, readyAt: current.at + READY_MS };
}

/** The node of a slot, null while it is being replaced. */
export function nodeOf(ground: Ground, cluster: Cluster, index: number, now: number, hostile: boolean): Node | null {
  const lifetime = lifetimeOf(ground, cluster, index, now);
  if (now < lifetime.readyAt) return null;
  const at = nodeSlot(ground, cluster, index);
  const slot = slotOf(ground, at);
  for (const machine of machinesOf(ground, at, now, hostile)) {
    if (machine.generation !== lifetime.generation || !machine.node) continue;
    const turn = slotTurn(ground, slot, now);
    const event = eventOf(slot, turn.epoch);
    const sick = now - turn.at < SICK_MS;
    const notReady = (event === 'not-ready' && sick) || machine.state !== 'running';
    return {
      cluster,
      machine,
      name: nodeName(machine, machine.node.name, slot.anomaly?.managed),
      uid: uuid([...machine.key, 71]),
      ...saysOf(machine, slot.anomaly ?? {}, machine.node.name),
      staleNode: false,
      index,
      ready: !notReady ? 'True' : chance(mix(...machine.key, 72), 0.5) ? 'Unknown' : 'False',
      unschedulable: (event === 'cordon' && sick) || machine.state === 'stopping',
      createdAt: lifetime.readyAt - 5000,
      allocatable: allocatableOf(machine, slot.anomaly?.managed),
    };
  }
  return null;
}

/** What is left of a node in the cluster that had its VM before: an object that nobody deleted. */
export function staleNodeOf(node: Node, cluster: Cluster, index: number): Node {
  return {
    ...node,
    cluster,
    uid: uuid([...node.machine.key, 73, cluster.index]),
    index,
    staleNode: true,
    ready: 'Unknown',
    unschedulable: true,
    createdAt: node.createdAt - 40 * 86_400_000,
  };
}

/** What a node says of the machine below it. */
function saysOf(
  machine: Machine,
  anomaly: Anomaly,
  name: string,
): Pick<Node, 'managed' | 'providerId' | 'instanceId' | 'systemUuid' | 'machineId' | 'runtime'> {
  const virtual = anomaly.managed === 'virtual-node';
  const systemUuid = anomaly.swapped ? byteSwapped(machine.systemUuid) : machine.systemUuid;
  const fargate = `aws:///${machine.zone}/${hex(10, [...machine.key, 74])}-${hex(32, [...machine.key, 75])}/fargate-${name}`;
  return {
    managed: anomaly.managed ?? null,
    providerId: anomaly.noProviderId || virtual ? null : anomaly.managed === 'fargate' ? fargate : machine.providerId,
    instanceId: machine.cloud === 'gcp' && anomaly.reused?.said !== false ? machine.nativeId : null,
    systemUuid: virtual ? '' : systemUuid,
    machineId: virtual ? '' : (anomaly.machineId ?? systemUuid.replaceAll('-', '')),
    runtime: anomaly.docker ? 'docker' : 'containerd',
  };
}

function nodeName(machine: Machine, name: string, managed: Anomaly['managed']): string {
  if (managed === 'fargate') return `fargate-${name}`;
  if (managed !== 'virtual-node') return name;
  const { cluster, index } = machine.node ?? {};
  const ordinal = cluster && index !== undefined ? index - (cluster.nodes - cluster.reserved) : 0;
  return `virtual-node-aci-linux${ordinal > 0 ? `-${ordinal}` : ''}`;
}

function allocatableOf({ size }: Machine, managed: Anomaly['managed']): Node['allocatable'] {
  // What Azure's virtual node says, whatever the subscription may run.
  if (managed === 'virtual-node') return { cpu: 10_000, memory: 4 * 1024 * 1024, pods: 5000 };
  if (managed === 'fargate') return { cpu: size.vcpus, memory: size.memory - 100, pods: 1 };
  return {
    cpu: Math.round((size.vcpus - 0.08) * 1000) / 1000,
    memory: Math.floor(size.memory * 0.9),
    pods: 110,
  };
}

/** The first three groups of a UUID as a little-endian reader writes them. */
function byteSwapped(uuid: string): string {
  const groups = uuid.split('-');
  return groups.map((group, i) => (i < 3 ? (group.match(/../g) ?? []).reverse().join('') : group)).join('-');
}
