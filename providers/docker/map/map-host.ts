import { type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { ownIdentities } from '#providers/kit/own-machine.ts';
import { asAmount, asArray, asRecord, asString } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import type { Engine } from './engine.ts';

/**
 * The machine that an engine runs on, from `GET /info`. What it can give to containers is all it has: the engine sets nothing aside. Whether
 * it is hardware or a VM it does not know, so `physical` is empty; the stack finds out.
 */
export function hostOf(info: unknown, engine: Engine, scope: Scope): Resource {
  const parsed = asRecord(info);
  const cpu = asAmount(parsed?.NCPU);
  const bytes = asAmount(parsed?.MemTotal);
  const memory = bytes === null ? null : Math.round(bytes / (1024 * 1024));
  const swarm = asRecord(parsed?.Swarm);
  const address = asString(swarm?.NodeAddr);
  const identities: Identity[] = [
    { type: 'host', value: `docker/${engine.id}` },
    { type: 'hostname', value: engine.name.toLowerCase() },
    ...(engine.own ? ownIdentities(engine.own) : []),
  ];
  if (address !== null) identities.push({ type: 'address', value: address });
  return resourceOf({
    uid: engine.id,
    provider: 'docker',
    source: scope.source,
    scope: scope.id,
    kind: 'host',
    name: engine.name,
    nativeId: engine.id,
    objectId: engine.id,
    identities,
    // It answers.
    state: 'running',
    vcpus: cpu,
    memory,
    allocatable: cpu === null && memory === null ? null : { cpu, memory },
    account: scope.account,
    os: asString(parsed?.OperatingSystem) ?? engine.os,
    addresses: address === null ? null : [address],
    // A swarm names one address of each node; of any other nothing is said.
    mappedAddresses: null,
    createdAt: null,
    startedAt: null,
    tags: tagsOf(asArray(parsed?.Labels).flatMap(pairOf).map(withoutSecret)),
    // Nothing that moves by itself: counters and clocks would be a change with each listing.
    raw: redact({
      serverVersion: asString(parsed?.ServerVersion),
      kernelVersion: asString(parsed?.KernelVersion),
      architecture: asString(parsed?.Architecture),
      osType: engine.os,
      storageDriver: asString(parsed?.Driver),
      cgroup: [asString(parsed?.CgroupVersion), asString(parsed?.CgroupDriver)],
      rootDir: asString(parsed?.DockerRootDir),
      runtimes: Object.keys(asRecord(parsed?.Runtimes) ?? {}).sort(),
      defaultRuntime: asString(parsed?.DefaultRuntime),
      securityOptions: asArray(parsed?.SecurityOptions),
      liveRestore: parsed?.LiveRestoreEnabled === true,
      swarm: {
        nodeId: asString(swarm?.NodeID),
        state: asString(swarm?.LocalNodeState),
        manager: swarm?.ControlAvailable === true,
      },
    }),
  });
}

/** Labels of an engine are `key=value` texts. */
function pairOf(label: unknown): [string, string][] {
  if (typeof label !== 'string' || label === '') return [];
  const at = label.indexOf('=');
  return [at === -1 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)]];
}
