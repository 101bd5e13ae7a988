import { type JsonValue, type Resource, resourceOf, type Scope } from '#lib/model/index.ts';
import type { OwnMachine } from '#providers/contract.ts';
import { ownIdentities } from '#providers/kit/own-machine.ts';
import { redact } from '#providers/kit/redact.ts';
import { hostIdentity, hostUid } from './map.ts';

/** What is known of the machine that runs the VMs. */
export interface HostFacts {
  /** The collector's own machine, where that is this one; of any other nobody tells more than that it answers. */
  own: { machine: OwnMachine; cpus: number } | null;
  /** `VMware Workstation` networks, or what else describes it; nothing that moves by itself. */
  networks: JsonValue;
}

export function hostResource({ own, networks }: HostFacts, scope: Scope): Resource {
  const host = scope.account;
  const cpu = own?.cpus ?? null;
  const memory = own?.machine.memory ?? null;
  return resourceOf({
    uid: hostUid(host),
    provider: 'vmware-workstation',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name: host,
    nativeId: host,
    objectId: host,
    aliases: [],
    identities: [hostIdentity(host), { type: 'hostname', value: host }, ...(own ? ownIdentities(own.machine) : [])],
    // It answered.
    state: 'running',
    vcpus: cpu,
    memory,
    physical: own ? { cpu, memory } : null,
    account: host,
    tags: Object.create(null),
    hostedBy: [],
    raw: redact({ networks }),
  });
}
