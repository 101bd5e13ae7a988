import { type DetailField, type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { asArray, asRecord, asString, type Fields, pairsOf, timeOf } from '../kit/read.ts';
import { redact, withoutSecret } from '../kit/redact.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { embeddedFlavor, type Flavor, flavorIdOf } from './flavor.ts';
import { nativeStateOf, stateOf } from './state.ts';

/** What the mapping needs besides the row. */
export interface Place {
  scope: Scope;
  /** The cloud: the host of its Keystone. */
  cloud: string;
  region: string;
  /** A flavor that was looked up; null where it is not known. */
  flavor(id: string): Flavor | null;
}

// User data holds what a machine is set up with, passwords among it; links are addresses without news; a fault's details are a stack trace.
const DROP = new Set(['OS-EXT-SRV-ATTR:user_data', 'user_data', 'adminPass', 'links', 'details']);

/** All but id, status, creation and project: what a server in a cell that is down does not say (from 2.69). */
const IN_DOWN_CELL: readonly DetailField[] = [
  'name',
  'aliases',
  'identities',
  'type',
  'vcpus',
  'memory',
  'zone',
  'image',
  'os',
  'addresses',
  'mappedAddresses',
  'startedAt',
  'tags',
  'isolation',
  'hostedBy',
];
/** What only the flavors know where a server holds no more than the id of its own. */
export const OF_FLAVOR: readonly DetailField[] = ['type', 'vcpus', 'memory', 'isolation'];
const NONE: readonly DetailField[] = [];

export const idOf = (row: unknown): string | null => asString(asRecord(row)?.id);

/** The project a server belongs to; null where it does not say. */
export const projectOf = (row: unknown): string | null => asString(asRecord(row)?.tenant_id);

/** The fields of a row that could not be known this time. */
export function unknownOf(row: unknown, place: Place): readonly DetailField[] {
  const server = asRecord(row);
  if (!server || !('name' in server)) return IN_DOWN_CELL;
  const flavor = flavorIdOf(server);
  return flavor !== null && place.flavor(flavor) === null ? OF_FLAVOR : NONE;
}

/** How a hypervisor is called by what it runs and by itself. */
export const hostIdentity = (place: Pick<Place, 'cloud' | 'region'>, hypervisor: string): Identity => ({
  type: 'host',
  value: `openstack/${place.cloud}/${place.region}/${hypervisor}`.toLowerCase(),
});

/** A row of `servers/detail` to one VM; https://docs.openstack.org/api-ref/compute/#list-servers-detailed */
export function toServer(row: unknown, place: Place): Resource {
  const server = asRecord(row);
  const id = idOf(row);
  if (!server || !id) throw new UnreadableRow('id', 'a text');
  const { scope, cloud, region } = place;
  const status = asString(server.status);
  const task = asString(server['OS-EXT-STS:task_state']);
  const name = asString(server.name) ?? id;
  const hostname = asString(server['OS-EXT-SRV-ATTR:hostname']);
  const hypervisor = asString(server['OS-EXT-SRV-ATTR:hypervisor_hostname']);
  const flavor = flavorOf(server, place);
  const addresses = addressesOf(server);
  const known = [hostname, server['OS-EXT-SRV-ATTR:instance_name'], server.accessIPv4, server.accessIPv6].map(asString);
  return resourceOf({
    uid: `${cloud}/${region}/${id}`,
    provider: 'openstack',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    name,
    nativeId: id,
    objectId: id,
    aliases: [...new Set(known)].filter((alias) => alias !== null).filter((alias) => alias !== name),
    identities: identitiesOf(id, region, addresses, 'name' in server ? (hostname ?? name) : null),
    state: stateOf(status, task, asString(server.host_status)),
    nativeState: nativeStateOf(status, task),
    stateReason: reasonOf(server),
    type: flavor?.name ?? null,
    vcpus: flavor?.vcpus ?? null,
    memory: flavor?.memory ?? null,
    region,
    zone: asString(server['OS-EXT-AZ:availability_zone']),
    account: projectOf(server) ?? (scope.account === '*' ? null : scope.account),
    // An empty text: booted from a volume.
    image: asString(asRecord(server.image)?.id),
    os: osOf(server),
    // A server in a cell that is down does not say.
    addresses: asRecord(server.addresses) ? addresses.own : null,
    mappedAddresses: asRecord(server.addresses) ? addresses.mapped : null,
    createdAt: utc(server.created),
    startedAt: utc(server['OS-SRV-USG:launched_at']),
    // Metadata is what people write, passwords too.
    tags: tagsOf([...asArray(server.tags).flatMap(bareTag), ...pairsOf(server.metadata).map(withoutSecret)]),
    isolation: flavor?.isolation ?? null,
    hostedBy: hypervisor ? [hostIdentity(place, hypervisor)] : [],
    raw: redact(server, DROP),
  });
}

const bareTag = (tag: unknown): [string, string][] => (typeof tag === 'string' && tag !== '' ? [[tag, '']] : []);

function flavorOf(server: Fields, place: Place): Flavor | null {
  const id = flavorIdOf(server);
  return id === null ? embeddedFlavor(asRecord(server.flavor)) : place.flavor(id);
}

/**
 * The firmware's UUID of a server is its id; a node of Kubernetes says `openstack:///<id>` or `openstack://<region>/<id>`.
 * @param hostname null where it is not known
 */
function identitiesOf(id: string, region: string, at: Addresses, hostname: string | null): Identity[] {
  const server = id.toLowerCase();
  return [
    { type: 'provider-id', value: server },
    { type: 'provider-id', value: `${region.toLowerCase()}/${server}` },
    { type: 'instance-id', value: server },
    { type: 'system-uuid', value: server },
    ...at.macs.map((value) => ({ type: 'mac' as const, value })),
    ...[...at.own, ...at.mapped].map((value) => ({ type: 'address' as const, value })),
    ...(hostname ? [{ type: 'hostname' as const, value: hostname.toLowerCase() }] : []),
  ];
}

interface Addresses {
  own: string[];
  mapped: string[];
  macs: string[];
}

/** `fixed` addresses are those of the server's own ports, on provider networks those of the world; `floating` ones are translated to them. */
function addressesOf(server: Fields): Addresses {
  const own = new Set<string>();
  const mapped = new Set<string>();
  const macs = new Set<string>();
  for (const network of Object.values(asRecord(server.addresses) ?? {}))
    for (const entry of asArray(network).map(asRecord)) {
      const address = asString(entry?.addr);
      if (address) (entry?.['OS-EXT-IPS:type'] === 'floating' ? mapped : own).add(address.toLowerCase());
      const mac = asString(entry?.['OS-EXT-IPS-MAC:mac_addr']);
      if (mac) macs.add(mac.toLowerCase());
    }
  return { own: [...own], mapped: [...mapped], macs: [...macs] };
}

/** Why it failed, or that its host is not to be counted on. */
function reasonOf(server: Fields): string | null {
  const fault = asString(asRecord(server.fault)?.message);
  if (fault) return excerpt(fault);
  const host = asString(server.host_status);
  return host !== null && host !== 'UP' ? `host ${host}` : null;
}

/** Nova knows the image's words where they are embedded (2.98) and what people wrote into the metadata. */
function osOf(server: Fields): string | null {
  for (const about of [asRecord(asRecord(server.image)?.properties), asRecord(server.metadata)]) {
    const distribution = asString(about?.os_distro);
    if (distribution) return [distribution, asString(about?.os_version)].filter((word) => word !== null).join(' ');
    const type = asString(about?.os_type);
    if (type) return type;
  }
  return null;
}

/** Nova's times are UTC, and `launched_at` does not say so. */
const utc = (value: unknown): string | null => {
  const text = asString(value);
  return timeOf(text && /T[\d:.]+$/.test(text) ? `${text}Z` : text);
};
