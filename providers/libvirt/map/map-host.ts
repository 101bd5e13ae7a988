import { type Resource, resourceOf, type Scope } from '#lib/model/index.ts';
import { ownIdentities } from '#providers/kit/own-machine.ts';
import { asRecord } from '#providers/kit/read.ts';
import { redact } from '#providers/kit/redact.ts';
import { attribute, child, children, childText, textIn } from '../client/xml.ts';
import { count, mebibytes } from './amount.ts';
import type { Host } from './host.ts';
import { nodeFacts } from './node-facts.ts';

/** Capabilities and node information of a connection to one hypervisor; https://libvirt.org/formatcaps.html */
export function hostResource(host: Host, nodeinfo: string | null, scope: Scope): Resource {
  const facts = nodeFacts(nodeinfo);
  const caps = child(host.capabilities, 'host');
  const cells = children(child(child(caps, 'topology'), 'cells'), 'cell').map(asRecord);
  const cpus = facts.cpus ?? sum(cells.map((cell) => count(attribute(child(cell, 'cpus'), 'num'))));
  const memory =
    host.memory ??
    facts.memory ??
    sum(
      cells.map((cell) => {
        const memoryElement = children(cell, 'memory')[0];
        return mebibytes(textIn(memoryElement), attribute(asRecord(memoryElement), 'unit'));
      }),
    );
  const cpu = child(caps, 'cpu');
  const known = cpus !== null || memory !== null;
  return resourceOf({
    uid: host.id,
    provider: 'libvirt',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name: host.hostname,
    nativeId: host.id,
    objectId: host.id,
    identities: [
      { type: 'host', value: `libvirt/${host.id}` },
      ...(host.uuid ? [{ type: 'system-uuid' as const, value: host.uuid }] : []),
      { type: 'hostname', value: host.hostname.toLowerCase() },
      ...(host.own ? ownIdentities(host.own) : []),
    ],
    // It answered.
    state: 'running',
    type: childText(cpu, 'model') ?? facts.model,
    vcpus: cpus,
    memory,
    physical: known ? { cpu: cpus, memory } : null,
    account: scope.account,
    tags: Object.create(null),
    raw: redact({
      cpu: { arch: childText(cpu, 'arch'), model: childText(cpu, 'model'), vendor: childText(cpu, 'vendor') },
      topology: child(cpu, 'topology'),
      migration: child(caps, 'migration_features'),
      cells: cells.length,
      ...(host.unreported.length > 0 ? { unreported: [...host.unreported] } : {}),
    }),
  });
}

function sum(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
