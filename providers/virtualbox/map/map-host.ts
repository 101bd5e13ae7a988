import { type Resource, resourceOf, type Scope } from '#lib/model/index.ts';
import type { OwnMachine } from '#providers/contract.ts';
import { isOwnMachine, ownIdentities } from '#providers/kit/own-machine.ts';
import { redact } from '#providers/kit/redact.ts';
import { hostUid } from './map-vm.ts';
import type { HostInfo } from './output.ts';

/**
 * The machine that VirtualBox runs on, by `list hostinfo`.
 * @param here the collector's own machine, where VBoxManage is a program on it; one that leads elsewhere (a script with ssh in it, Windows below
 * WSL) says another memory or kernel
 */
export function hostResource(info: HostInfo, hostname: string, here: OwnMachine | null, scope: Scope): Resource {
  const { cpus, memory } = info;
  const kernel = info.os === 'Linux' ? { kernel: info.version } : {};
  const isHere = here !== null && isOwnMachine(here, { hostname: here.hostname, memory, ...kernel });
  return resourceOf({
    uid: hostUid(hostname),
    provider: 'virtualbox',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name: hostname,
    nativeId: hostname,
    objectId: hostname,
    aliases: [],
    identities: [
      { type: 'host', value: `virtualbox/${hostname}` },
      { type: 'hostname', value: hostname },
      ...(isHere ? ownIdentities(here) : []),
    ],
    // It answered.
    state: 'running',
    type: info.cpu,
    vcpus: cpus,
    memory,
    physical: { cpu: cpus, memory },
    account: scope.account,
    os: [info.os, info.version].filter(Boolean).join(' ') || null,
    tags: Object.create(null),
    hostedBy: [],
    raw: redact({ cpu: info.cpu, os: info.os, version: info.version }),
  });
}
