import { chance, mix, uuid } from './hash.ts';
import { generationOf, machinesOf } from './machines.ts';
import { eventOf, type Ground, nodeSlot, slotOf, slotTurn } from './slots.ts';
import type { Cluster, Node } from './types.ts';

/** After its machine's replacement began: pods leave the old node, the new one is ready for pods. */
const LEAVE_MS = 20_000;
const READY_MS = 50_000;
/** How long a node is not ready or cordoned. */
const SICK_MS = 90_000;

/** When the node of a slot changed for the last time. */
export interface Tenure {
  generation: number;
  /** Pods of the generation before are gone since then. */
  since: number;
  /** Pods run since then. */
  readyAt: number;
}

/** What pods must know of a node slot; does not make the machine. */
export function tenureOf(ground: Ground, cluster: Cluster, index: number, now: number): Tenure {
  const slot = slotOf(ground, nodeSlot(ground, cluster, index));
  const turn = slotTurn(ground, slot, now);
  let current = generationOf(ground, slot, turn.epoch);
  if (now < current.at + LEAVE_MS) current = generationOf(ground, slot, current.epoch - 1);
  return { generation: current.epoch, since: current.at + LEAVE_MS, readyAt: current.at + READY_MS };
}

/** The node of a slot, null while it is being replaced. */
export function nodeOf(ground: Ground, cluster: Cluster, index: number, now: number, hostile: boolean): Node | null {
  const tenure = tenureOf(ground, cluster, index, now);
  if (now < tenure.readyAt) return null;
  const at = nodeSlot(ground, cluster, index);
  const slot = slotOf(ground, at);
  for (const machine of machinesOf(ground, at, now, hostile)) {
    if (machine.generation !== tenure.generation || !machine.node) continue;
    const turn = slotTurn(ground, slot, now);
    const event = eventOf(slot, turn.epoch);
    const sick = now - turn.at < SICK_MS;
    const notReady = (event === 'not-ready' && sick) || machine.state !== 'running';
    return {
      cluster,
      machine,
      name: machine.node.name,
      uid: uuid([...machine.key, 71]),
      index,
      ready: !notReady ? 'True' : chance(mix(...machine.key, 72), 0.5) ? 'Unknown' : 'False',
      unschedulable: (event === 'cordon' && sick) || machine.state === 'stopping',
      createdAt: tenure.readyAt - 5000,
      allocatable: {
        cpu: Math.round((machine.size.vcpus - 0.08) * 1000) / 1000,
        memory: Math.floor(machine.size.memory * 0.9),
        pods: 110,
      },
    };
  }
  return null;
}
