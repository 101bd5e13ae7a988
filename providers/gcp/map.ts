import { type Identity, type Resource, resourceOf, type Scope, type State, tagsOf } from '#lib/model/index.ts';
import { asArray, asNumber, asRecord, asString, type Fields, pairsOf, timeOf } from '../kit/read.ts';
import { redact } from '../kit/redact.ts';
import { UnreadableRow } from '../kit/rows.ts';
import type { Size } from './sizes.ts';

/** All values of `Instance.status` (compute/v1). TERMINATED is what a *stopped* VM reports; a deleted one is gone. */
const STATES: ReadonlyMap<string, State> = new Map([
  ['PENDING', 'starting'],
  ['PROVISIONING', 'starting'],
  ['STAGING', 'starting'],
  ['RUNNING', 'running'],
  ['PENDING_STOP', 'stopping'],
  ['STOPPING', 'stopping'],
  ['DEPROVISIONING', 'stopping'],
  ['SUSPENDING', 'stopping'],
  ['SUSPENDED', 'suspended'],
  ['TERMINATED', 'stopped'],
  ['STOPPED', 'stopped'],
  ['REPAIRING', 'failed'],
  ['UNDEFINED_STATUS', 'unknown'],
]);

const LIFECYCLES: ReadonlyMap<string, Resource['lifecycle']> = new Map([
  ['STANDARD', 'on-demand'],
  ['SPOT', 'spot'],
  ['FLEX_START', 'flex-start'],
  ['RESERVATION_BOUND', 'reserved'],
] as const);

// Never stored: startup scripts, ssh keys and whatever people put there. The mask does not ask for it; this is the second lock.
const DROP = new Set(['metadata', 'fingerprint', 'labelFingerprint', 'kind']);

export const stateOf = (status: string | null): State =>
  status === null ? 'unknown' : (STATES.get(status) ?? 'unknown');

type Addresses = Record<'addresses' | 'mappedAddresses', string[]>;

/** What the mapping needs besides the row. */
export interface Place {
  scope: Scope;
  /** Host of the cloud's console, null where none is known. */
  console: string | null;
  size(type: string): Size | null;
}

/** A row of a page, with the key it stood under: `zones/us-central1-c`. */
export interface Row {
  key: string;
  instance: unknown;
}

export const idOf = (row: Row): string | null => asString(asRecord(row.instance)?.id);

export const typeOf = (row: Row): string | null => segment(asRecord(row.instance)?.machineType, 'machineTypes');

/** The address a row gives itself, which names its project; null where it does not say. */
export const addressOf = (row: Row): string | null => {
  const vm = asRecord(row.instance);
  return asString(vm?.selfLink) ?? asString(vm?.zone);
};

/** compute/v1 `Instance` to one VM; https://cloud.google.com/compute/docs/reference/rest/v1/instances */
export function toResource(row: Row, place: Place): Resource {
  const vm = asRecord(row.instance);
  if (!vm) throw new UnreadableRow('instance', 'an object');
  const id = asString(vm.id);
  // As text: ids exceed 2^53.
  if (!id || !/^\d+$/.test(id)) throw new UnreadableRow('id', 'a number as text');
  const zone = segment(vm.zone, 'zones') ?? segment(row.key, 'zones');
  if (!zone) throw new UnreadableRow('zone', 'the address of a zone');
  const { scope } = place;
  const project = scope.account;
  const name = asString(vm.name) ?? id;
  const type = typeOf(row);
  const size = type ? place.size(type) : null;
  const status = asString(vm.status);
  const labels = tagsOf(pairsOf(vm.labels));
  const hostname = asString(vm.hostname);
  const addresses = addressesOf(vm);
  return resourceOf({
    uid: `//compute.googleapis.com/projects/${project}/zones/${zone}/instances/${id}`,
    provider: 'gcp',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    name,
    nativeId: id,
    objectId: id,
    aliases: [`${name}.${zone}.c.${dnsOf(project)}.internal`, ...(hostname ? [hostname] : [])],
    identities: identitiesOf(project, zone, name, id, addresses),
    state: stateOf(status),
    nativeState: status,
    stateReason: asString(vm.statusMessage),
    type,
    vcpus: visibleCpus(vm) ?? size?.vcpus ?? null,
    memory: size?.memory ?? null,
    region: zone.replace(/-[^-]+$/, ''),
    zone,
    account: project,
    cluster: labels['goog-k8s-cluster-name'] ?? null,
    os: osOf(vm),
    ...addresses,
    createdAt: timeOf(vm.creationTimestamp),
    startedAt: timeOf(vm.lastStartTimestamp),
    tags: labels,
    lifecycle: lifecycleOf(vm),
    isolation: isolationOf(vm),
    consoleUrl: consoleUrl(place.console, project, zone, name),
    raw: redact(vm, DROP),
  });
}

/** `provider-id` as a GKE node writes it, without `gce://`; names are reused, so the numeric id stands beside it. */
const identitiesOf = (project: string, zone: string, name: string, id: string, at: Addresses): Identity[] => [
  { type: 'provider-id', value: `${project}/${zone}/${name}` },
  { type: 'instance-id', value: id },
  ...[...at.addresses, ...at.mappedAddresses].map((value) => ({ type: 'address' as const, value })),
  { type: 'hostname', value: name.toLowerCase() },
];

/** A project of a domain, `example.com:shop`, is `shop.example.com` in DNS: https://cloud.google.com/compute/docs/internal-dns */
const dnsOf = (project: string): string => project.split(':').toReversed().join('.');

function consoleUrl(host: string | null, project: string, zone: string, name: string): string | null {
  if (host === null) return null;
  const path = ['zones', zone, 'instances', name].map(encodeURIComponent).join('/');
  return `https://${host}/compute/instancesDetail/${path}?project=${encodeURIComponent(project)}`;
}

/** `visibleCoreCount` and `threadsPerCore` narrow what the guest sees; only both together say how many CPUs that is. */
function visibleCpus(vm: Fields): number | null {
  const features = asRecord(vm.advancedMachineFeatures);
  const cores = asNumber(features?.visibleCoreCount);
  const threads = asNumber(features?.threadsPerCore);
  return cores && threads ? cores * threads : null;
}

/** The last part of the boot disk's first license: `ubuntu-1804-lts`. */
function osOf(vm: Fields): string | null {
  const boot = asArray(vm.disks)
    .map(asRecord)
    .find((disk) => disk?.boot === true);
  return asString(asArray(boot?.licenses)[0])?.split('/').at(-1) ?? null;
}

/** IPv6 addresses, external ones too, are the interface's own; a `natIP` is translated to the internal IPv4 one. */
function addressesOf(vm: Fields): Addresses {
  const own = new Set<string>();
  const mapped = new Set<string>();
  const add = (set: Set<string>, value: unknown) => {
    const address = asString(value);
    if (address) set.add(address);
  };
  for (const nic of asArray(vm.networkInterfaces).map(asRecord)) {
    add(own, nic?.networkIP);
    add(own, nic?.ipv6Address);
    for (const access of asArray(nic?.accessConfigs)) add(mapped, asRecord(access)?.natIP);
    for (const access of asArray(nic?.ipv6AccessConfigs)) add(own, asRecord(access)?.externalIpv6);
  }
  return { addresses: [...own], mappedAddresses: [...mapped] };
}

function lifecycleOf(vm: Fields): Resource['lifecycle'] {
  const scheduling = asRecord(vm.scheduling);
  const model = asString(scheduling?.provisioningModel);
  if (model) return LIFECYCLES.get(model) ?? null;
  if (scheduling?.preemptible === true) return 'spot';
  return scheduling?.preemptible === false ? 'on-demand' : null;
}

function isolationOf(vm: Fields): string | null {
  const confidential = asRecord(vm.confidentialInstanceConfig);
  const kind = asString(confidential?.confidentialInstanceType);
  if (kind && kind !== 'CONFIDENTIAL_INSTANCE_TYPE_UNSPECIFIED') return kind.toLowerCase().replaceAll('_', '-');
  // Before the type existed, confidential meant AMD SEV.
  if (confidential?.enableConfidentialCompute === true) return 'sev';
  if (asArray(asRecord(vm.scheduling)?.nodeAffinities).length > 0) return 'dedicated';
  return asRecord(vm.shieldedInstanceConfig)?.enableSecureBoot === true ? 'shielded' : null;
}

/** The part of a resource's address after `/<word>/`, or of a key `<word>/<value>`. */
function segment(address: unknown, word: string): string | null {
  const parts = asString(address)?.split('/') ?? [];
  const at = parts.lastIndexOf(word);
  return at < 0 ? null : asString(parts[at + 1]);
}
