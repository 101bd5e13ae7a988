import { type Amount, type Identity, type Resource, resourceOf, type State } from '#lib/model/index.ts';
import { isFirmwareUuid } from '#providers/kit/firmware.ts';
import { nodeFacts, nodeIdentity, type Place } from '../clusters/place.ts';
import { nodeDetail } from './detail.ts';
import { managedNode } from './managed.ts';
import { providerIdentities } from './provider-id.ts';
import { parseMebibytes, parseQuantity } from './quantity.ts';
import type { RawNode } from './raw.ts';
import { labelsOf, list, metadataOf, text, timestamp } from './read.ts';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
export function mapNode(node: RawNode, place: Place): Resource {
  const meta = metadataOf(node);
  const { spec, status } = node;
  const tags = labelsOf(meta);
  const facts = nodeFacts(meta.labels);
  const managed = managedNode(node, meta.name);
  const capacity = managed === 'virtual-node' ? null : amount(status?.capacity);
  const addresses: string[] = [];
  const mappedAddresses: string[] = [];
  const names: string[] = [];
  // `ExternalIP` is what reaches it from outside, of clouds a translated address; kubelets without a cloud say their own one alone.
  const cloud = text(spec?.providerID) !== null;
  for (const { type, address } of list(status?.addresses, 'status.addresses')) {
    if (typeof address !== 'string' || address === '') continue;
    if (type === 'InternalIP') addresses.push(address);
    else if (type === 'ExternalIP') mappedAddresses.push(address);
    else names.push(address.toLowerCase());
  }
  const identities: Identity[] = [
    nodeIdentity(place.cluster, meta.name),
    ...providerIdentities(text(spec?.providerID)),
  ];
  const aliases = new Set([text(spec?.providerID) ?? meta.name, ...names]);
  // Names of Compute Engine instances are used again, their numbers are not.
  const instanceId = text(meta.annotations?.['container.googleapis.com/instance_id']);
  if (instanceId) identities.push({ type: 'instance-id', value: instanceId });
  const systemUuid = text(status?.nodeInfo?.systemUUID)?.toLowerCase();
  // Where the provider id is the firmware's UUID, both say the same.
  const reported = identities.some(({ type, value }) => type === 'system-uuid' && value === systemUuid);
  if (systemUuid && !reported && isFirmwareUuid(systemUuid))
    identities.push({ type: 'system-uuid', value: systemUuid });
  const machineId = text(status?.nodeInfo?.machineID)?.toLowerCase().replaceAll('-', '');
  if (machineId && /^[0-9a-f]{32}$/.test(machineId) && !/^(.)\1*$/.test(machineId))
    identities.push({ type: 'machine-id', value: machineId });
  for (const value of [...addresses, ...mappedAddresses]) identities.push({ type: 'address', value });
  for (const value of new Set(names)) identities.push({ type: 'hostname', value });

  return resourceOf({
    uid: `${place.cluster}/${meta.uid}`,
    provider: 'kubernetes',
    source: place.source,
    scope: place.scope,
    kind: 'host',
    name: meta.name,
    nativeId: meta.uid,
    objectId: meta.uid,
    aliases: [...aliases].filter((alias) => alias !== meta.name),
    identities,
    ...nodeState(node),
    type: tags['node.kubernetes.io/instance-type'] || tags['beta.kubernetes.io/instance-type'] || null,
    vcpus: capacity?.cpu ?? null,
    memory: capacity?.memory ?? null,
    // What a virtual node promises is a quota of its maker's (10,000 CPUs), no capacity.
    allocatable: managed === 'virtual-node' ? null : amount(status?.allocatable),
    region: facts.region,
    zone: facts.zone,
    account: place.cluster,
    cluster: place.clusterName,
    os: text(status?.nodeInfo?.osImage) ?? facts.os,
    addresses,
    mappedAddresses: cloud || mappedAddresses.length > 0 ? mappedAddresses : null,
    createdAt: timestamp(meta.creationTimestamp),
    tags,
    lifecycle: lifecycle(tags),
    isolation: managed === 'fargate' ? 'microvm' : null,
    managed,
    raw: nodeDetail(node),
  });
}

/**
 * Ready True running, False failed, Unknown (its kubelet is silent) unknown, and both not ready, as kubectl says; a cordon is told beside
 * it and changes nothing of it.
 */
function nodeState(node: RawNode): Pick<Resource, 'state' | 'nativeState' | 'stateReason' | 'ready' | 'readyReason'> {
  const ready = list(node.status?.conditions, 'status.conditions').find((condition) => condition.type === 'Ready');
  const cordoned = node.spec?.unschedulable === true;
  const word = ready?.status === 'True' ? 'Ready' : ready?.status === 'False' ? 'NotReady' : 'Unknown';
  const state: State = word === 'Ready' ? 'running' : word === 'NotReady' ? 'failed' : 'unknown';
  return {
    state: node.metadata?.deletionTimestamp ? 'stopping' : state,
    nativeState: cordoned ? `${word},SchedulingDisabled` : word,
    stateReason: word === 'Ready' ? (cordoned ? 'SchedulingDisabled' : null) : text(ready?.reason),
    ready: ready ? word === 'Ready' : null,
    readyReason: word === 'Ready' ? null : text(ready?.reason),
  };
}

/** A node without capacity has none yet: not an error, and not 0. */
function amount(value: Record<string, string> | null | undefined): Amount | null {
  if (!value) return null;
  const cpu = parseQuantity(value.cpu);
  const memory = parseMebibytes(value.memory);
  return cpu === null && memory === null ? null : { cpu, memory };
}

const SPOT: readonly (readonly [string, string])[] = [
  ['karpenter.sh/capacity-type', 'spot'],
  ['eks.amazonaws.com/capacityType', 'spot'],
  ['cloud.google.com/gke-spot', 'true'],
  ['cloud.google.com/gke-preemptible', 'true'],
  ['kubernetes.azure.com/scalesetpriority', 'spot'],
];

function lifecycle(tags: Readonly<Record<string, string>>): Resource['lifecycle'] {
  let reported = false;
  for (const [key, spot] of SPOT) {
    const value = tags[key]?.toLowerCase();
    if (value === spot) return 'spot';
    if (value !== undefined) reported = true;
  }
  return reported ? 'on-demand' : null;
}
