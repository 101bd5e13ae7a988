import * as uids from '../plan/uids.ts';
import { remember } from '../time/remember.ts';
import type { Fleet, Moment } from '../types/types-fleet.ts';
import type { Plant } from '../types/types-truth.ts';

/** The conflicts that `anomalies.ts` and `plan-libvirt.ts` plant, by the uids that each is about. */
export function* plantedOf(fleet: Fleet, moment: Moment): Generator<{ plant: Plant; uids: readonly string[] }> {
  const cloud = fleet.openstack();
  const clones = new Map<string, string[]>();
  const claims = new Map<string, string[]>();
  for (const cluster of fleet.clusters()) {
    for (const [index, anomaly] of cluster.anomalies) {
      const node = moment.node(cluster, index);
      if (!node || anomaly.managed || anomaly.docker) continue;
      const vm = uids.machineUid(node.machine, cloud);
      const uid = uids.nodeUid(node);
      if (anomaly.unlisted) yield { plant: 'half-listed', uids: [uid] };
      if (anomaly.swapped) yield { plant: 'byte-order', uids: [vm, uid] };
      if (anomaly.machineId) remember(clones, anomaly.machineId, () => []).push(uid);
      if (anomaly.claimed) remember(claims, vm, () => [vm]).push(uid);
      if (anomaly.reused) {
        const older = namesakeOf(node.machine.name, node.machine.nativeId, [...moment.machines(cluster.place)]);
        const plant = anomaly.reused.said ? 'reused-name' : 'reused-name-unsaid';
        yield { plant, uids: [vm, ...older.map((machine) => uids.machineUid(machine, cloud)), uid] };
      }
    }
    for (let staleNode = 0; staleNode < cluster.staleNodes.length; staleNode++) {
      const node = moment.node(cluster, cluster.nodes + staleNode);
      if (!node) continue;
      const vm = uids.machineUid(node.machine, cloud);
      remember(claims, vm, () => [vm]).push(uids.nodeUid(node));
    }
  }
  for (const list of clones.values()) yield { plant: 'cloned-machine-id', uids: list };
  for (const list of claims.values()) yield { plant: 'claimed-twice', uids: list };
  const twins = new Map<number, string[]>();
  for (const host of fleet.libvirtHosts())
    for (const domain of host.twin === null ? [] : moment.domains(host)) {
      remember(twins, host.twin ?? 0, () => []).push(uids.domainUid(domain));
      break;
    }
  for (const list of twins.values()) yield { plant: 'cloned-uuid', uids: list };
}

const namesakeOf = <T extends { name: string; nativeId: string }>(name: string, id: string, all: readonly T[]): T[] =>
  all.filter((other) => other.name === name && other.nativeId !== id);
