import { type DetailField, type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { otherByteOrder } from '../kit/firmware.ts';
import { asRecord, asString, type Fields, pairsOf, timeOf } from '../kit/read.ts';
import { redact } from '../kit/redact.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { type KnownAddresses, OF_SIZE } from './details.ts';
import { flat, lowerId, partOf, regionOf } from './row.ts';
import { ownVcpus, type Size } from './skus.ts';
import { stateOf } from './state.ts';

/** What the mapping needs besides the row. */
export interface Place {
  scope: Scope;
  /** For the portal's address. */
  tenant: string | null;
  /** Host of the cloud's portal, null where none is known. */
  portal: string | null;
  size(type: string): Size | null;
  addresses: KnownAddresses;
  /** Instance views by vmId and by id, in lower case; null where the row brings its own. */
  views: ReadonlyMap<string, unknown> | null;
  /** Size and OS of a Uniform scale set, for instances that do not repeat them. */
  set: Fields | null;
}

const LIFECYCLES: ReadonlyMap<string, Resource['lifecycle']> = new Map([
  ['regular', 'on-demand'],
  ['spot', 'spot'],
  ['low', 'spot'],
] as const);

const ISOLATION: ReadonlyMap<string, string> = new Map([
  ['confidentialvm', 'confidential'],
  ['trustedlaunch', 'trusted-launch'],
]);

// Nothing secret comes with a listing; these are either noise or mirrors of what the rows have.
const DROP = new Set(['etag', 'resources', 'systemData', 'customData', 'userData', 'secrets', 'linuxConfiguration']);

export const idOf = (row: unknown): string | null => lowerId(asRecord(row)?.id);

/** The subscription that a row says it belongs to. */
export const subscriptionOf = (row: unknown): string | null => partOf(idOf(row), 'subscriptions');

/**
 * A VM, or an instance of a Uniform scale set, to one VM of the model.
 * https://learn.microsoft.com/rest/api/compute/virtual-machines/list-all and .../virtual-machine-scale-set-vms/list
 */
export function toResource(row: unknown, place: Place): Resource {
  const vm = flat(row);
  if (!vm) throw new UnreadableRow('virtualMachine', 'an object');
  const id = lowerId(vm.id);
  if (!id?.startsWith('/subscriptions/')) throw new UnreadableRow('id', 'an ARM id');
  const { scope } = place;
  const vmId = asString(vm.vmId)?.toLowerCase() ?? null;
  const hardware = asRecord(vm.hardwareProfile);
  const type =
    asString(hardware?.vmSize) ?? asString(asRecord(vm.sku)?.name) ?? asString(asRecord(place.set?.sku)?.name);
  const size = type ? place.size(type.toLowerCase()) : null;
  const { book, inner } = place.addresses;
  const own = book?.get(id);
  // A book that is not of now does not have the machines that came since.
  const unseen = !own && inner !== null;
  const addresses = {
    addresses: unseen ? null : [...(own?.inner ?? [])],
    mappedAddresses: unseen || own?.outerUnknown ? null : [...(own?.outer ?? [])],
  };
  const computer = asString(asRecord(vm.osProfile)?.computerName);
  const name = asString(vm.name) ?? id.split('/').at(-1) ?? id;
  const tags = tagsOf(pairsOf(vm.tags));
  const profile = asRecord(place.set?.virtualMachineProfile);
  const view = place.views ? (place.views.get(vmId ?? '') ?? place.views.get(id)) : vm.instanceView;
  return resourceOf({
    // A machine made anew under the old name has the old id; only the vmId tells.
    uid: vmId ? `${id}@${vmId}` : id,
    provider: 'azure',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    name,
    nativeId: asString(vm.id) ?? id,
    objectId: id,
    aliases: [...new Set([computer, vmId])].filter((alias) => alias !== null && alias !== name) as string[],
    identities: [
      ...identitiesOf(id, vmId, computer ?? name),
      ...[...(own?.macs ?? [])].map((value) => ({ type: 'mac' as const, value })),
      ...Object.values(addresses).flatMap((list) => (list ?? []).map((value) => ({ type: 'address' as const, value }))),
    ],
    ...stateOf(view, asString(vm.provisioningState)),
    type,
    vcpus: ownVcpus(hardware) ?? size?.vcpus ?? null,
    memory: size?.memory ?? null,
    region: regionOf(vm),
    zone: zoneOf(vm),
    account: scope.account,
    cluster: tags['aks-managed-cluster-name'] ?? null,
    ...imageOf(vm, profile),
    ...addresses,
    createdAt: timeOf(vm.timeCreated),
    tags,
    lifecycle:
      LIFECYCLES.get((asString(vm.priority) ?? asString(profile?.priority) ?? 'Regular').toLowerCase()) ?? null,
    isolation: isolationOf(vm, profile),
    consoleUrl: consoleOf(place, asString(vm.id) ?? id),
    raw: redact({ ...vm, instanceView: view }, DROP),
  });
}

/**
 * The fields of a row that could not be looked up.
 * @param unsized locations whose sizes could not be read
 */
export function unknownOf(resource: Resource, place: Place, unsized: ReadonlyMap<string, unknown>): DetailField[] {
  const fields: DetailField[] = [];
  const { type, region, objectId } = resource;
  if (type !== null && region !== null && unsized.has(region) && !place.size(type.toLowerCase()))
    fields.push(...OF_SIZE.filter((field) => resource[field] === null));
  const { book, inner } = place.addresses;
  const own = book?.get(objectId);
  if (!own && inner) fields.push('addresses', 'mappedAddresses', 'identities');
  else if (own?.outerUnknown) fields.push('mappedAddresses', 'identities');
  if (place.tenant === null && place.portal !== null) fields.push('consoleUrl');
  return fields;
}

/** vmId is what the firmware tells the guest; a generation 1 machine shows it with the first three groups byte-swapped. */
function identitiesOf(id: string, vmId: string | null, hostname: string): Identity[] {
  const firmware = vmId && /^[0-9a-f-]{36}$/.test(vmId) ? [vmId, otherByteOrder(vmId)] : [];
  return [
    { type: 'provider-id', value: id },
    { type: 'resource-id', value: id },
    ...(vmId ? [{ type: 'vm-id' as const, value: vmId }] : []),
    ...firmware.map((value) => ({ type: 'system-uuid' as const, value })),
    { type: 'hostname', value: hostname.toLowerCase() },
  ];
}

/** `westeurope-2`: a bare number would be one zone in every region. AKS labels its nodes in the same words. */
function zoneOf(vm: Fields): string | null {
  const zone = asString(Array.isArray(vm.zones) ? vm.zones[0] : null);
  const region = regionOf(vm);
  return zone && region ? `${region}-${zone}` : zone;
}

function imageOf(vm: Fields, setProfile: Fields | null): Pick<Resource, 'image' | 'os'> {
  const storage = asRecord(vm.storageProfile) ?? asRecord(setProfile?.storageProfile);
  const reference = asRecord(storage?.imageReference);
  const parts = [reference?.publisher, reference?.offer, reference?.sku].map(asString);
  const image = parts.every((part) => part !== null)
    ? [...parts, asString(reference?.exactVersion) ?? asString(reference?.version) ?? 'latest'].join(':')
    : (asString(reference?.id) ??
      asString(reference?.communityGalleryImageId) ??
      asString(reference?.sharedGalleryImageId));
  // Not the instance view's osName: it is there only while the guest's agent runs, and the field would change with the power.
  return { image, os: asString(asRecord(storage?.osDisk)?.osType) };
}

function isolationOf(vm: Fields, setProfile: Fields | null): string | null {
  if (asString(asRecord(vm.host)?.id) ?? asString(asRecord(vm.hostGroup)?.id)) return 'dedicated';
  const security = asRecord(vm.securityProfile) ?? asRecord(setProfile?.securityProfile);
  return ISOLATION.get(asString(security?.securityType)?.toLowerCase() ?? '') ?? null;
}

const consoleOf = ({ portal, tenant }: Place, id: string): string | null =>
  portal &&
  `https://${portal}/#${tenant ? `@${tenant}/` : ''}resource${id.split('/').map(encodeURIComponent).join('/')}`;
