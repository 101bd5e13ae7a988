import { isIP } from 'node:net';
import path from 'node:path';
import { type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import { stateOf } from './state.ts';
import { systemUuids } from './system-uuid.ts';
import type { Vm } from './vm.ts';

/** Identity of the machine that runs the VMs of an account, and what they name as theirs. */
export const hostIdentity = (host: string): Identity => ({ type: 'host', value: `vmware-workstation/${host}` });

export const hostUid = (host: string): string => `workstation/${host}`;

/** Of the machine and the .vmx: two copies of one folder have all else in common. */
export const vmUid = (host: string, file: string): string =>
  `${hostUid(host)}${file.startsWith('/') ? file : `/${file}`}`;

/** A VM of Workstation or Fusion. @throws UnreadableRow where it has no .vmx */
export function toResource(vm: Vm, scope: Scope): Resource {
  const file = vm.path;
  if (!file) throw new UnreadableRow('path', 'the path of a .vmx');
  const addresses = vm.addresses === null ? null : addressesIn(vm.addresses);
  return resourceOf({
    uid: vmUid(scope.account, file),
    provider: 'vmware-workstation',
    source: scope.source,
    scope: scope.id,
    kind: 'vm',
    name: vm.name ?? nameIn(file),
    nativeId: file,
    objectId: file,
    aliases: vm.id === null ? [] : [vm.id],
    identities: [
      ...systemUuids(vm.uuidBios).map((value) => ({ type: 'system-uuid' as const, value })),
      // No addresses: behind NAT each of these machines deals out the same ones.
      ...macsOf(vm),
    ],
    state: stateOf(vm.power),
    nativeState: vm.power,
    vcpus: vm.cpus,
    memory: vm.memory,
    account: scope.account,
    os: vm.guestOs,
    addresses,
    // Behind NAT or bridged: Workstation translates no address of its own to one machine.
    mappedAddresses: addresses === null ? null : [],
    // Workstation tells neither.
    createdAt: null,
    tags: tagsOf(tagsIn(vm.notes).map(withoutSecret)),
    hostedBy: [hostIdentity(scope.account)],
    raw: redact({ vmx: file, id: vm.id, guestOS: vm.guestOs, nics: vm.nics }),
  });
}

/** `/home/dev/vmware/web/web.vmx` is `web`, whichever system wrote it. */
export function nameIn(file: string): string {
  const base = file.includes('\\') ? path.win32.basename(file) : path.posix.basename(file);
  return base.replace(/\.vmx$/i, '') || file;
}

function macsOf({ nics }: Vm): Identity[] {
  const macs = new Set<string>();
  for (const { mac } of nics) {
    const value = mac?.trim().toLowerCase().replaceAll('-', ':') ?? '';
    if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value) && value !== '00:00:00:00:00:00') macs.add(value);
  }
  return [...macs].map((value) => ({ type: 'mac', value }));
}

/** `192.168.72.10/24`; what every machine has is left out. */
function addressesIn(said: readonly string[]): string[] {
  const addresses = new Set<string>();
  for (const text of said) {
    const address = text.replace(/[/%].*$/, '').toLowerCase();
    if (isIP(address) !== 0 && !/^(127\.|169\.254\.|fe80:|::1$)/.test(address)) addresses.add(address);
  }
  return [...addresses];
}

/** Lines `key=value` of the notes, which have no other form for it. Whatever else stands there is nobody's business. */
function tagsIn(notes: string | null): [string, string][] {
  const pairs: [string, string][] = [];
  for (const line of notes?.split('\n') ?? []) {
    const [, key, value] = /^([\w./-]{1,127})=(.*)$/s.exec(line) ?? [];
    if (key !== undefined && value !== undefined) pairs.push([key, value]);
  }
  return pairs;
}
