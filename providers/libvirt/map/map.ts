import { isIP } from 'node:net';
import { type Identity, type Kind, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { asRecord } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { Described } from '../client/client.ts';
import { attribute, child, children, childText, type Element, parseXml, textIn } from '../client/xml.ts';
import { count, mebibytes } from './amount.ts';
import type { Host } from './host.ts';
import { readMetadata } from './metadata.ts';
import { stateOf } from './state.ts';

/** What the mapping needs besides the domain. */
export interface Place {
  scope: Scope;
  host: Host;
}

// Never stored: what people and programs write freely (metadata, descriptions), passwords of consoles, credentials of disks, what a
// container's first process or a machine's firmware is handed, further arguments of the emulator with their environment.
const DROP = new Set([
  'metadata',
  'description',
  '@passwd',
  '@password',
  '@query',
  'auth',
  'cookies',
  'encryption',
  'secret',
  'initarg',
  'initenv',
  'cmdline',
  'sysinfo',
  'qemu:commandline',
  'bhyve:commandline',
  'xen:commandline',
  'launchSecurity',
]);

/** `domain` of libvirt to one VM or container; https://libvirt.org/formatdomain.html */
export function toResource(
  { uuid, xml, state: stateLine, addresses: table }: Described,
  { scope, host }: Place,
): Resource {
  if (xml === null) throw new UnreadableRow('xml', 'a description of the domain');
  const domain = parseXml(xml.trim(), 'domain');
  if (childText(domain, 'uuid')?.trim().toLowerCase() !== uuid)
    throw new UnreadableRow('uuid', 'the one that was asked for');
  const name = childText(domain, 'name');
  if (name === null) throw new UnreadableRow('name', 'a text');
  const kind = kindOf(attribute(domain, 'type'));
  const os = child(domain, 'os');
  const type = children(os, 'type')[0];
  const vcpu = children(domain, 'vcpu')[0];
  const vcpus = count(attribute(asRecord(vcpu), 'current')) ?? count(textIn(vcpu));
  const max = children(domain, 'memory')[0];
  const memory = mebibytes(textIn(max), attribute(asRecord(max), 'unit'));
  const devices = child(domain, 'devices');
  const metadata = readMetadata(domain);
  const title = childText(domain, 'title');
  const found = addressesIn(table);
  const macs = macsOf(devices);
  // A container has limits, not CPUs and memory of its own.
  const container = kind === 'container';
  return resourceOf({
    uid: `${host.domains}/${uuid}`,
    provider: 'libvirt',
    source: scope.source,
    scope: scope.id,
    kind,
    name,
    nativeId: uuid,
    objectId: uuid,
    aliases: [...new Set([...(title ? [title] : []), ...metadata.aliases])],
    identities: [
      // A container has no firmware: what runs in it reads that of its host.
      ...(container ? [] : [{ type: 'system-uuid' as const, value: uuid }]),
      ...macs,
      ...found.addresses.map((value) => ({ type: 'address' as const, value })),
    ],
    ...stateOf(stateLine),
    type: [textIn(type), attribute(asRecord(type), 'machine')].filter(Boolean).join(' ') || null,
    vcpus: container ? null : vcpus,
    memory: container ? null : memory,
    limits: container ? { cpu: null, memory } : null,
    account: scope.account,
    image: imageOf(devices),
    os: metadata.os,
    addresses: found.addresses.length > 0 ? found.addresses : null,
    // What an interface without a lease has, nobody says.
    mappedAddresses: macs.length > 0 && macs.every(({ value }) => found.macs.has(value)) ? [] : null,
    // libvirt keeps neither.
    createdAt: null,
    startedAt: null,
    tags: tagsOf(metadata.tags.map(withoutSecret)),
    isolation: attribute(child(domain, 'launchSecurity'), 'type'),
    hostedBy: [{ type: 'host', value: `libvirt/${host.id}` }],
    raw: redact(domain, DROP),
  });
}

/** By the driver that runs it: LXC's, OpenVZ's and Virtuozzo's containers are `exe`, everything else is a machine. */
const kindOf = (type: string | null): Kind => (type === 'lxc' || type === 'openvz' ? 'container' : 'vm');

function macsOf(devices: Element | null): Identity[] {
  const macs = new Set<string>();
  for (const nic of children(devices, 'interface')) {
    const mac = attribute(child(asRecord(nic), 'mac'), 'address')
      ?.trim()
      .toLowerCase();
    if (mac && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) && mac !== '00:00:00:00:00:00') macs.add(mac);
  }
  return [...macs].map((value) => ({ type: 'mac', value }));
}

/** What the first disk, or the root of a container, is made of. */
function imageOf(devices: Element | null): string | null {
  const disks = children(devices, 'disk').map(asRecord);
  const disk = disks.find((each) => (attribute(each, 'device') ?? 'disk') === 'disk');
  const roots = children(devices, 'filesystem').map(asRecord);
  const root = roots.find((each) => attribute(child(each, 'target'), 'dir') === '/');
  const source = child(disk ?? root ?? null, 'source');
  for (const key of ['file', 'dev', 'name', 'volume', 'dir', 'url'])
    if (attribute(source, key)) return attribute(source, key);
  return null;
}

/** Rows of `virsh domifaddr`: ` vnet0  52:54:00:aa:bb:cc  ipv4  192.168.122.3/24`. */
function addressesIn(table: string | null): { addresses: string[]; macs: ReadonlySet<string> } {
  const addresses = new Set<string>();
  const macs = new Set<string>();
  for (const line of table?.split('\n') ?? []) {
    const [, mac, text] = /(\S+)\s+(?:ipv4|ipv6)\s+(\S+?)(?:\/\d+)?\s*$/.exec(line) ?? [];
    const address = text?.toLowerCase();
    if (!address || isIP(address) === 0 || /^(127\.|169\.254\.|fe80:|::1$)/.test(address)) continue;
    addresses.add(address);
    if (mac) macs.add(mac.toLowerCase());
  }
  return { addresses: [...addresses], macs };
}
