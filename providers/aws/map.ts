import type { Instance, Tag } from '@aws-sdk/client-ec2';
import {
  type DetailField,
  type Identity,
  type Resource,
  resourceOf,
  type Scope,
  type State,
  tagsOf,
} from '#lib/model/index.ts';
import { consoleUrl } from '#providers/clouds/aws/partition.ts';
import { asString, timeOf } from '../kit/read.ts';
import { redact } from '../kit/redact.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { OF_TYPE, type Size } from './sizes.ts';

/** All values of `InstanceState.Name`; a new one is `unknown`. */
const STATES: ReadonlyMap<string, State> = new Map([
  ['pending', 'starting'],
  ['running', 'running'],
  ['shutting-down', 'stopping'],
  ['stopping', 'stopping'],
  ['stopped', 'stopped'],
  ['terminated', 'terminated'],
]);

const LIFECYCLES: ReadonlyMap<string, Resource['lifecycle']> = new Map([
  ['spot', 'spot'],
  ['scheduled', 'scheduled'],
  ['capacity-block', 'capacity-block'],
  ['interruptible-capacity-reservation', 'reserved'],
] as const);

/** An instance of a page, with the owner of its reservation; null where a reservation came without its instances. */
export interface Row {
  owner: string | undefined;
  instance: Instance | null;
}

/** What the mapping needs besides the row. */
export interface Context {
  scope: Scope;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  size(type: string): Size | null;
}

export const idOf = (row: Row): string | null => asString(row.instance?.InstanceId);

/** ec2 `Instance` to one VM; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
export function toResource(row: Row, context: Context): Resource {
  const { instance } = row;
  if (!instance) throw new UnreadableRow('instancesSet', 'the instances of the reservation');
  const id = asString(instance.InstanceId);
  if (!id) throw new UnreadableRow('instanceId', 'an id');
  const { scope, partition } = context;
  const account = asString(row.owner) ?? scope.account;
  const region = scope.region ?? '';
  const tags = tagsFrom(instance.Tags);
  const type = asString(instance.InstanceType);
  const size = type ? context.size(type) : null;
  const startedAt = timeOf(instance.LaunchTime);
  const addresses = addressesOf(instance);
  return resourceOf({
    uid: `arn:${partition}:ec2:${region}:${account}:instance/${id}`,
    provider: 'aws',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    // EC2 knows no names; the tag Name is what its console shows as one.
    name: tags.Name || id,
    nativeId: id,
    objectId: id,
    aliases: distinct([instance.PrivateDnsName, instance.PublicDnsName]),
    identities: identitiesOf(instance, id, addresses),
    state: stateOf(instance),
    nativeState: asString(instance.State?.Name),
    stateReason: asString(instance.StateReason?.Code),
    type,
    vcpus: chosenCpus(instance) ?? size?.vcpus ?? null,
    memory: size?.memory ?? null,
    region: scope.region,
    zone: asString(instance.Placement?.AvailabilityZone),
    account,
    cluster: clusterOf(tags),
    image: asString(instance.ImageId),
    os: asString(instance.PlatformDetails) ?? (instance.Platform ? 'Windows' : null),
    ...addresses,
    createdAt: createdAt(instance, startedAt),
    startedAt,
    tags,
    lifecycle: instance.InstanceLifecycle ? (LIFECYCLES.get(instance.InstanceLifecycle) ?? null) : 'on-demand',
    isolation: isolationOf(instance, size),
    hostedBy: instance.Placement?.HostId ? [{ type: 'resource-id', value: instance.Placement.HostId }] : [],
    consoleUrl: consoleUrl(partition, region, id),
    raw: redact(instance),
  });
}

/** The fields of a row whose type could not be asked for, as far as the row does not say them itself. */
export function unsized(resource: Resource): DetailField[] {
  return OF_TYPE.filter((field) => resource[field] === null);
}

/** The creation of an instance without its primary interface, as a terminated one is: what is stored may be older, and right. */
export const undated = ({ instance }: Row): DetailField[] =>
  instance && primaryInterface(instance)?.AttachTime ? [] : ['createdAt'];

/** A hibernated instance is `stopped`, and only its reason says that its memory is kept. */
function stateOf(instance: Instance): State {
  const state = STATES.get(instance.State?.Name ?? '') ?? 'unknown';
  return state === 'stopped' && instance.StateReason?.Code === 'Client.UserInitiatedHibernate' ? 'suspended' : state;
}

const tagsFrom = (tags: readonly Tag[] | undefined): Resource['tags'] =>
  tagsOf(
    (tags ?? []).flatMap((tag): [string, string][] => (tag.Key === undefined ? [] : [[tag.Key, tag.Value ?? '']])),
  );

/** `provider-id` as an EKS node writes it, without `aws:///`. */
function identitiesOf(instance: Instance, id: string, { addresses, mappedAddresses }: Addresses): Identity[] {
  const zone = asString(instance.Placement?.AvailabilityZone);
  const macs = (instance.NetworkInterfaces ?? []).flatMap((nic) =>
    nic.MacAddress ? [nic.MacAddress.toLowerCase()] : [],
  );
  const hostname = asString(instance.PrivateDnsName)?.toLowerCase();
  return [
    ...(zone ? [{ type: 'provider-id' as const, value: `${zone}/${id}` }] : []),
    { type: 'instance-id', value: id },
    ...macs.map((value) => ({ type: 'mac' as const, value })),
    ...[...addresses, ...mappedAddresses].map((value) => ({ type: 'address' as const, value })),
    ...(hostname ? [{ type: 'hostname' as const, value: hostname }] : []),
  ];
}

type Addresses = Record<'addresses' | 'mappedAddresses', string[]>;

/**
 * Every address of every interface, once. IPv6 addresses are on the interface; public, carrier and customer-owned IPv4 ones are translated
 * to one that is. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceAssociation.html
 */
function addressesOf(instance: Instance): Addresses {
  const nics = instance.NetworkInterfaces ?? [];
  const v4 = nics.flatMap((nic) => nic.PrivateIpAddresses ?? []);
  const own = [
    instance.PrivateIpAddress,
    ...v4.map((a) => a.PrivateIpAddress),
    ...nics.flatMap((nic) => (nic.Ipv6Addresses ?? []).map((a) => a.Ipv6Address)),
  ];
  const mapped = [
    instance.PublicIpAddress,
    ...v4.flatMap(({ Association: to }) => [to?.PublicIp, to?.CarrierIp, to?.CustomerOwnedIp]),
  ];
  return { addresses: distinct(own), mappedAddresses: distinct(mapped) };
}

const distinct = (list: readonly (string | undefined)[]): string[] => [
  ...new Set(list.filter((item): item is string => item !== undefined && item !== '')),
];

/**
 * EC2 tells no creation. LaunchTime is the last start; the root volume was attached at the first one, unless it was replaced since; the
 * primary interface always was, and cannot be detached. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
 */
function createdAt(instance: Instance, startedAt: string | null): string | null {
  const root = (instance.BlockDeviceMappings ?? []).filter((device) => device.DeviceName === instance.RootDeviceName);
  const attached = [primaryInterface(instance)?.AttachTime, ...root.map((device) => device.Ebs?.AttachTime)].map(
    timeOf,
  );
  return [startedAt, ...attached].filter((time) => time !== null).toSorted()[0] ?? null;
}

const primaryInterface = (instance: Instance) =>
  instance.NetworkInterfaces?.find(({ Attachment: at }) => at?.DeviceIndex === 0 && !at.NetworkCardIndex)?.Attachment;

/** What was chosen at launch wins over what the type brings. */
function chosenCpus(instance: Instance): number | null {
  const { CoreCount: cores, ThreadsPerCore: threads } = instance.CpuOptions ?? {};
  return cores && threads ? cores * threads : null;
}

function clusterOf(tags: Resource['tags']): string | null {
  const owned = Object.keys(tags).find((key) => key.startsWith('kubernetes.io/cluster/'));
  return (
    tags['aws:eks:cluster-name'] ?? tags['eks:cluster-name'] ?? owned?.slice('kubernetes.io/cluster/'.length) ?? null
  );
}

function isolationOf(instance: Instance, size: Size | null): string | null {
  if (instance.CpuOptions?.AmdSevSnp === 'enabled') return 'sev-snp';
  if (instance.EnclaveOptions?.Enabled) return 'nitro-enclaves';
  const tenancy = instance.Placement?.Tenancy;
  if (tenancy === 'dedicated') return 'dedicated';
  if (tenancy === 'host') return 'dedicated-host';
  return size?.bareMetal ? 'bare-metal' : null;
}
