import { digits, hex, suffix, uuid } from '../time/hash.ts';
import type { Cloud, Group } from '../types/types.ts';
import type { Slot } from './slots.ts';

export interface Names {
  name: string;
  nativeId: string;
  providerId: string;
  systemUuid: string;
  group: Group | null;
  /** Name of the node object on it. */
  nodeName: string;
}

/** What a machine is called by its cloud, its firmware and its cluster; they agree by construction. */
export function namesOf(slot: Slot, generation: number, zone: string, address: string): Names {
  const { cloud } = slot.place.account;
  const key = [...slot.key, 41, generation];
  if (cloud === 'virtualbox') return labNames(slot, key);
  const group = groupOf(cloud, slot, generation);
  if (cloud === 'aws') return ec2Names(slot, key, zone, address, group);
  const name = group ? memberName(slot, group, key) : `${slot.service.name}-${slot.environment}-${slot.index}`;
  if (cloud === 'gcp')
    return {
      name,
      nativeId: digits(19, key),
      providerId: `gce://${slot.place.account.id}/${zone}/${name}`,
      systemUuid: uuid([...key, 1]),
      group,
      nodeName: name,
    };
  if (cloud === 'openstack') {
    const id = uuid([...key, 1]);
    return { name, nativeId: id, providerId: `openstack:///${id}`, systemUuid: id, group, nodeName: name };
  }
  const nativeId = armId(slot, group, name);
  return {
    name,
    nativeId,
    providerId: `azure://${lowerResourceGroup(nativeId)}`,
    systemUuid: uuid([...key, 1]),
    group,
    nodeName: name.replace(/_(\d+)$/, (_, n: string) => Number(n).toString(36).padStart(6, '0')),
  };
}

function ec2Names(slot: Slot, key: readonly number[], zone: string, address: string, group: Group | null): Names {
  const nativeId = `i-0${hex(16, key)}`;
  const h = hex(32, [...key, 1]);
  return {
    name: group?.name ?? `${slot.service.name}-${slot.environment}-${slot.index}`,
    nativeId,
    providerId: `aws:///${zone}/${nativeId}`,
    // Instances on Nitro report a UUID that begins with ec2.
    systemUuid: `ec2${h.slice(3, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`,
    group,
    nodeName: `ip-${address.replaceAll('.', '-')}.${slot.place.region}.compute.internal`,
  };
}

/** Of a VM with k3s: VirtualBox has one UUID for a VM and shows it to its guest. */
function labNames(slot: Slot, key: readonly number[]): Names {
  const id = uuid([...key, 1]);
  const name = slot.node?.cluster.name ?? '';
  return { name, nativeId: id, providerId: `k3s://${name}`, systemUuid: id, group: null, nodeName: name };
}

function groupOf(cloud: Cloud, slot: Slot, generation: number): Group | null {
  if (slot.node) {
    const { cluster, pool, index } = slot.node;
    const tail = hex(8, [...slot.key.slice(0, 2), cluster.index, pool.name.length]);
    const name = {
      aws: `eks-${pool.name}-${tail}`,
      gcp: `gke-${cluster.name}-${pool.name}-${tail}-grp`,
      azure: `aks-${pool.name}-${digits(8, [cluster.index, pool.name.length])}-vmss`,
      openstack: `${cluster.name}-${pool.name}`,
    };
    return { name: name[cloud], mode: 'uniform', ordinal: cloud === 'azure' ? ordinalOf(index, generation) : index };
  }
  if (slot.role !== 'member') return null;
  const first = Math.floor(slot.index / 8);
  const flexible = cloud === 'azure' && (first + slot.place.number) % 2 === 0;
  const what = { aws: 'asg', gcp: 'mig', azure: 'vmss', openstack: 'heat' }[cloud];
  return {
    name: `${slot.service.name}-${slot.environment}-${what}-${first}`,
    mode: flexible ? 'flexible' : 'uniform',
    ordinal: cloud === 'azure' ? ordinalOf(slot.index, generation) : slot.index,
  };
}

// Scale sets number their instances upwards and never use a number again.
const ordinalOf = (index: number, generation: number): number => (((generation % 512) + 512) % 512) * 2048 + index;

function memberName(slot: Slot, group: Group, key: readonly number[]): string {
  if (slot.place.account.cloud === 'openstack') return `${group.name}-${suffix(5, key)}`;
  if (slot.anomaly?.managed === 'autopilot') return `gk3-${group.name.slice(4, 40)}-${suffix(4, key)}`;
  if (slot.place.account.cloud === 'gcp') return `${group.name.replace(/-grp$/, '')}-${suffix(4, key)}`;
  return group.mode === 'flexible' ? `${group.name}_${hex(8, key)}` : `${group.name}_${group.ordinal}`;
}

function armId(slot: Slot, group: Group | null, name: string): string {
  const { account, region } = slot.place;
  const resourceGroup = slot.node
    ? `MC_rg-${slot.node.cluster.name}_${slot.node.cluster.name}_${region}`
    : `rg-${slot.service.team}-${slot.environment}-${region}`;
  const base = `/subscriptions/${account.id}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute`;
  if (group?.mode === 'uniform')
    return `${base}/virtualMachineScaleSets/${group.name}/virtualMachines/${group.ordinal}`;
  return `${base}/virtualMachines/${name}`;
}

const lowerResourceGroup = (id: string): string =>
  id.replace(/(\/resourceGroups\/)([^/]+)/, (_, before: string, name: string) => before + name.toLowerCase());
