import { type Identity, type Resource, resourceOf, type Scope } from '#lib/model/index.ts';
import { isOwnMachine, ownIdentities } from '#providers/kit/own-machine.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { redact } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { Hardware } from './resources.ts';
import type { Place, Server } from './server.ts';
import { memberConditionOf } from './state.ts';

/** Names a member, or a server that is none, for its own row and for what it runs. */
export const memberId = (account: string, name: string): string => `${account}/member/${name}`;

export const memberNameOf = (row: unknown): string | null => asString(asRecord(row)?.server_name);

/** Whether nobody hears of it: nothing that it runs is told then. */
export const isOffline = (row: unknown): boolean => asString(asRecord(row)?.status) === 'Offline';

/** A server as the list of a cluster has its members, where it is in none. It answers. */
export const aloneAs = ({ name, architecture }: Server): object => ({
  server_name: name,
  status: 'Online',
  architecture,
});

/**
 * A member of a cluster, or a server, as the machine that instances run on. What it can give to containers is all it has.
 * @param hardware null where it is not known
 */
export function hostOf(row: unknown, { server, machine }: Place, hardware: Hardware | null, scope: Scope): Resource {
  const member = asRecord(row);
  const name = memberNameOf(member);
  if (!member || name === null) throw new UnreadableRow('server_name', 'a text');
  const answers = name === server.name;
  const native = asString(member.status);
  const { cpus = null, memory = null, uuid = null, physical = false } = hardware ?? {};
  const own = answers && machine && isOwnMachine(machine, { hostname: name, memory, kernel: server.kernel });
  const has = cpus !== null || memory !== null;
  const id = memberId(server.account, name);
  const identities: Identity[] = [
    { type: 'host', value: `incus/${id}` },
    { type: 'hostname', value: name.toLowerCase() },
    ...(uuid === null ? [] : [{ type: 'system-uuid' as const, value: uuid }]),
    ...(own ? ownIdentities(machine) : []),
  ];
  return resourceOf({
    uid: id,
    provider: 'incus',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name,
    nativeId: name,
    objectId: name,
    aliases: [],
    identities,
    ...memberConditionOf(native),
    nativeState: native,
    vcpus: cpus,
    memory,
    allocatable: has ? { cpu: cpus, memory } : null,
    physical: has && physical ? { cpu: cpus, memory } : null,
    zone: asString(member.failure_domain),
    account: scope.account,
    // Only the one that answers tells, which may be another one tomorrow.
    os: server.clustered ? null : server.os,
    tags: Object.create(null),
    hostedBy: [],
    // Members of a cluster run one version.
    raw: redact({
      product: server.product,
      version: server.version,
      clustered: server.clustered,
      architecture: asString(member.architecture),
      roles: asArray(member.roles),
      groups: asArray(member.groups),
    }),
  });
}
