import { isIP } from 'node:net';
import {
  type Amount,
  type DetailField,
  type Identity,
  type Resource,
  resourceOf,
  type Scope,
  tagsOf,
} from '#lib/model/index.ts';
import { asArray, asRecord, asString, type Fields, pairsOf, timeOf } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import { allowanceOf, cpusOf, memoryOf } from './limits.ts';
import { memberId } from './map-member.ts';
import type { Server } from './server.ts';
import { conditionOf } from './state.ts';

/** What the mapping needs besides the instance. */
export interface Around {
  server: Server;
  scope: Scope;
  /** MiB of the member that runs it; null where that is not known. */
  memory: number | null;
}

/** A VM for which nobody set a limit, https://linuxcontainers.org/incus/docs/main/reference/instance_options/#resource-limits */
const OF_VM = { cpu: '1', memory: '1GiB' } as const;

// What people and their tools hand to the guest, and what may hold a secret, is not kept at all: only keys that are named here are.
const KEPT =
  /^(limits|boot|security|snapshots|image|migration|cluster)\.[\w.-]+$|^volatile\.(base_image|last_state\.power)$/;
const KEPT_OF_DEVICE = new Set([
  'type',
  'name',
  'network',
  'nictype',
  'parent',
  'hwaddr',
  'vlan',
  'mtu',
  'ipv4.address',
  'ipv6.address',
  'path',
  'pool',
  'size',
  'readonly',
  'gputype',
  'listen',
  'connect',
]);
/** Configuration of the guest that stands among what people call their own. */
const HANDED_OVER = /^user\.(user-data|vendor-data|meta-data|network-config)$/i;

/** How the API names it, which is unique on a server. */
export const objectIdOf = (project: string, name: string): string => `${project}/${name}`;

export function idOf(row: unknown): string | null {
  const instance = asRecord(row);
  const name = asString(instance?.name);
  return name === null ? null : objectIdOf(projectOf(instance), name);
}

/** The member of a cluster that an instance is on; null on a server that is none. */
export function locationOf(row: unknown): string | null {
  const location = asString(asRecord(row)?.location);
  return location === 'none' ? null : location;
}

const projectOf = (instance: Fields | null): string => asString(instance?.project) ?? 'default';

/** `InstanceFull` of the API to one container or VM; `shared/api/instance.go` of Incus and LXD. */
export function toResource(row: unknown, { server, scope, memory: total }: Around): Resource {
  const instance = asRecord(row);
  const name = asString(instance?.name);
  if (!instance || name === null) throw new UnreadableRow('name', 'a text');
  // Of one that its member does not tell of there is little more than the name: nothing that says which one it is.
  const config = asRecord(instance.expanded_config) ?? asRecord(instance.config);
  if (!config) throw new UnreadableRow('config', 'an object; its member does not tell of it');
  const own = asRecord(instance.config) ?? {};
  const devices = asRecord(instance.expanded_devices) ?? asRecord(instance.devices) ?? {};
  const state = asRecord(instance.state);
  const vm = asString(instance.type) === 'virtual-machine';
  const native = asString(instance.status);
  const uuid = uuidOf(own) ?? uuidOf(config);
  const created = instant(instance.created_at);
  const project = projectOf(instance);
  const member = locationOf(instance) ?? server.name;
  const macs = macsOf(config, devices);
  const addresses = addressesOf(state, macs);
  const used = instant(instance.last_used_at);
  const limits = limitsOf(config, vm, total);
  const profiles = asArray(instance.profiles).filter((profile): profile is string => typeof profile === 'string');
  return resourceOf({
    uid: `${server.account}/${uuid ?? `${project}/${name}@${created ?? ''}`}`,
    provider: 'incus',
    source: scope.source,
    scope: scope.id,
    kind: vm ? 'vm' : 'container',
    name,
    nativeId: uuid ?? name,
    objectId: objectIdOf(project, name),
    aliases: [],
    identities: [
      // A container has no firmware: what runs in it reads that of its host.
      ...(vm && uuid !== null ? [{ type: 'system-uuid' as const, value: uuid }] : []),
      ...[...macs].map((value): Identity => ({ type: 'mac', value })),
      ...(addresses ?? []).map((value): Identity => ({ type: 'address', value })),
    ],
    ...conditionOf(native, instance.stateful === true, used !== null || instance.last_used_at === undefined),
    nativeState: native,
    // What it was made by is the nearest thing to a size.
    type: profiles.join(', ') || null,
    vcpus: vm ? (limits?.cpu ?? null) : null,
    memory: vm ? (limits?.memory ?? null) : null,
    limits: vm ? null : limits,
    account: scope.account,
    namespace: project,
    image: asString(config['image.description']) ?? asString(config['volatile.base_image'])?.slice(0, 12) ?? null,
    os:
      [asString(config['image.os']), asString(config['image.release'])].filter((part) => part !== null).join(' ') ||
      null,
    addresses,
    // What a network forwards to it is the network's to say.
    mappedAddresses: null,
    createdAt: created,
    startedAt: instant(state?.started_at) ?? used,
    tags: tagsOf(tagsIn(config)),
    isolation: isolationOf(config, vm),
    hostedBy: [{ type: 'host', value: `incus/${memberId(server.account, member)}` }],
    raw: redact({
      architecture: asString(instance.architecture),
      project,
      profiles,
      location: asString(instance.location),
      ephemeral: instance.ephemeral === true,
      stateful: instance.stateful === true,
      config: Object.fromEntries(pairsOf(config).filter(([key]) => KEPT.test(key))),
      devices: Object.entries(devices).map(([device, value]) => ({
        device,
        ...Object.fromEntries(pairsOf(value).filter(([key]) => KEPT_OF_DEVICE.has(key))),
      })),
      snapshots: asArray(instance.snapshots).map((value) => ({
        name: asString(asRecord(value)?.name),
        createdAt: instant(asRecord(value)?.created_at),
      })),
    }),
  });
}

/** Whether it says its memory as a part of its host's. */
export const isPart = (row: unknown): boolean => {
  const instance = asRecord(row);
  const config = asRecord(instance?.expanded_config) ?? asRecord(instance?.config);
  const memory = memoryOf(asString(config?.['limits.memory']));
  return memory !== null && 'part' in memory;
};

/** What a row that is told by its member's memory says nothing of where that is not known. */
export function unknownOf(row: unknown, memory: number | null): readonly DetailField[] {
  if (memory !== null || !isPart(row)) return [];
  return asString(asRecord(row)?.type) === 'virtual-machine' ? ['memory'] : ['limits'];
}

/** Go's zero time and that of the epoch are "never". */
function instant(value: unknown): string | null {
  const time = timeOf(value);
  return time === null || time < '1971' ? null : time;
}

/** Of every instance; a VM shows it as its firmware's. Another one is made for a copy. */
function uuidOf(config: Fields): string | null {
  const uuid = asString(config['volatile.uuid'])?.toLowerCase() ?? null;
  return uuid !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) ? uuid : null;
}

function limitsOf(config: Fields, vm: boolean, total: number | null): Amount | null {
  const value = asString(config['limits.memory']) ?? (vm ? OF_VM.memory : null);
  const limit = memoryOf(value);
  const part = limit !== null && 'part' in limit ? (total === null ? null : Math.round(limit.part * total)) : null;
  const memory = limit !== null && 'mib' in limit ? limit.mib : part;
  const counted = cpusOf(asString(config['limits.cpu']) ?? (vm ? OF_VM.cpu : null));
  const allowed = vm ? null : allowanceOf(asString(config['limits.cpu.allowance']));
  const cpu = counted === null || allowed === null ? (counted ?? allowed) : Math.min(counted, allowed);
  return cpu === null && memory === null ? null : { cpu, memory };
}

function tagsIn(config: Fields): [string, string][] {
  return pairsOf(config)
    .filter(([key]) => key.startsWith('user.') && !HANDED_OVER.test(key))
    .map(([key, value]) => withoutSecret([key.slice('user.'.length), value]));
}

/** What is unlike an unprivileged container, or a VM that anyone who runs its host can read. */
function isolationOf(config: Fields, vm: boolean): string | null {
  const on = (key: string): boolean => /^(true|1|yes|on)$/i.test(asString(config[key]) ?? '');
  const words = vm
    ? [on('security.sev.policy.es') ? 'sev-es' : on('security.sev') ? 'sev' : '']
    : [on('security.privileged') ? 'privileged' : '', on('security.nesting') ? 'nesting' : ''];
  return words.filter((word) => word !== '').join(', ') || null;
}

/** Of its network devices: `volatile.<device>.hwaddr` where nobody chose one. */
function macsOf(config: Fields, devices: Fields): ReadonlySet<string> {
  const value = [
    ...pairsOf(config).flatMap(([key, value]) => (/^volatile\..+\.hwaddr$/.test(key) ? [value] : [])),
    ...Object.values(devices).map((device) => asString(asRecord(device)?.hwaddr) ?? ''),
  ];
  return new Set(
    value.map((mac) => mac.trim().toLowerCase()).filter((mac) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)),
  );
}

/**
 * Those of its own network devices: a guest has bridges of its own, whose addresses (172.17.0.1) each other guest has as well. Null where it does
 * not run, or its state is not told.
 */
function addressesOf(state: Fields | null, macs: ReadonlySet<string>): string[] | null {
  const network = asRecord(state?.network);
  if (!network) return null;
  const found = new Set<string>();
  for (const [name, value] of Object.entries(network)) {
    const port = asRecord(value);
    const mac = asString(port?.hwaddr)?.toLowerCase() ?? '';
    if (name === 'lo' || (macs.size > 0 && !macs.has(mac))) continue;
    for (const entry of asArray(port?.addresses)) {
      const address = asString(asRecord(entry)?.address)?.toLowerCase();
      if (!address || isIP(address) === 0 || /^(127\.|169\.254\.|fe[89ab][0-9a-f]:|::1$)/.test(address)) continue;
      found.add(address);
    }
  }
  return [...found];
}
