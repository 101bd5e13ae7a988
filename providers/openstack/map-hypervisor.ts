import { type Amount, type Resource, resourceOf, tagsOf } from '#lib/model/index.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { asAmount, asRecord, asString } from '../kit/read.ts';
import { redact } from '../kit/redact.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { hostIdentity, type Place } from './map.ts';

// Hundreds of words that are the same on every host; what runs there is said by the servers themselves.
const DROP = new Set(['features', 'servers', 'uptime', 'links']);

/** A number below 2.53, a UUID from there on. */
export const hypervisorIdOf = (row: unknown): string | null => {
  const id = asRecord(row)?.id;
  return typeof id === 'number' ? String(id) : asString(id);
};

/** A row of `os-hypervisors/detail` to one host; https://docs.openstack.org/api-ref/compute/#list-hypervisors-details */
export function toHypervisor(row: unknown, place: Omit<Place, 'flavor'>): Resource {
  const host = asRecord(row);
  const id = hypervisorIdOf(row);
  if (!host || !id) throw new UnreadableRow('id', 'a text or a number');
  const name = asString(host.hypervisor_hostname);
  if (!name) throw new UnreadableRow('hypervisor_hostname', 'a text');
  const { scope, cloud, region } = place;
  const address = asString(host.host_ip);
  const service = asString(asRecord(host.service)?.host);
  const physical = amounts(host.vcpus, host.memory_mb);
  return resourceOf({
    uid: `${cloud}/${region}/hypervisor/${id}`,
    provider: 'openstack',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name,
    nativeId: id,
    objectId: id,
    aliases: service && service !== name ? [service] : [],
    identities: [
      hostIdentity(place, name),
      // A host that says 127.0.0.1 is badly set up, and says it of itself only.
      ...(address && !address.startsWith('127.') ? [{ type: 'address' as const, value: address.toLowerCase() }] : []),
      { type: 'hostname', value: name.toLowerCase() },
    ],
    ...stateOf(host),
    type: asString(host.hypervisor_type),
    vcpus: physical?.cpu ?? null,
    memory: physical?.memory ?? null,
    physical,
    region,
    addresses: address ? [address.toLowerCase()] : null,
    // It says the one that Nova reaches it by, and of no other.
    mappedAddresses: null,
    createdAt: null,
    startedAt: null,
    tags: tagsOf([]),
    lifecycle: null,
    isolation: null,
    managed: null,
    hostedBy: [],
    consoleUrl: null,
    raw: redact(host, DROP),
  });
}

/** `down`: its nova-compute is not heard, the host may well run. `disabled` takes no new servers, which changes nothing of it. */
function stateOf(host: Readonly<Record<string, unknown>>): Pick<Resource, 'state' | 'nativeState' | 'stateReason'> {
  const state = asString(host.state);
  const disabled = host.status === 'disabled';
  return {
    state: state === 'up' ? 'running' : 'unknown',
    nativeState: state !== null && disabled ? `${state}, disabled` : state,
    stateReason: excerpt(asString(asRecord(host.service)?.disabled_reason) ?? '') || null,
  };
}

/**
 * From 2.88 on Nova leaves these to Placement: not said is not 0. Nor is 0 a host without processors: Ironic says it of all its nodes,
 * and libvirt's driver where all of them are dedicated. https://docs.openstack.org/nova/latest/admin/cpu-topologies.html
 */
function amounts(vcpus: unknown, memory: unknown): Amount | null {
  const physical = { cpu: asAmount(vcpus) || null, memory: asAmount(memory) || null };
  return physical.cpu === null && physical.memory === null ? null : physical;
}
