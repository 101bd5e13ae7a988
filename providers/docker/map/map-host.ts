import { type Identity, type Resource, resourceOf, type Scope, tagsOf } from '#lib/model/index.ts';
import { ownIdentities } from '#providers/kit/own-machine.ts';
import { amountOf, fields, listOf, textOf } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import type { Engine } from './engine.ts';

/**
 * The machine that an engine runs on, from `GET /info`. What it can give to containers is all it has: the engine sets nothing aside. Whether
 * it is hardware or a VM it does not know, so `physical` is empty; the stack finds out.
 */
export function hostOf(info: unknown, engine: Engine, scope: Scope): Resource {
  const said = fields(info);
  const cpu = amountOf(said?.NCPU);
  const bytes = amountOf(said?.MemTotal);
  const memory = bytes === null ? null : Math.round(bytes / (1024 * 1024));
  const swarm = fields(said?.Swarm);
  const address = textOf(swarm?.NodeAddr);
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
    origin: engine.id,
    identities,
    // It answers.
    state: 'running',
    vcpus: cpu,
    memory,
    allocatable: cpu === null && memory === null ? null : { cpu, memory },
    account: scope.account,
    os: textOf(said?.OperatingSystem) ?? engine.os,
    addresses: address === null ? null : [address],
    // A swarm names one address of each node; of any other nothing is said.
    mappedAddresses: null,
    createdAt: null,
    startedAt: null,
    tags: tagsOf(listOf(said?.Labels).flatMap(pairOf).map(withoutSecret)),
    // Nothing that moves by itself: counters and clocks would be a change with each listing.
    raw: redact({
      serverVersion: textOf(said?.ServerVersion),
      kernelVersion: textOf(said?.KernelVersion),
      architecture: textOf(said?.Architecture),
      osType: engine.os,
      storageDriver: textOf(said?.Driver),
      cgroup: [textOf(said?.CgroupVersion), textOf(said?.CgroupDriver)],
      rootDir: textOf(said?.DockerRootDir),
      runtimes: Object.keys(fields(said?.Runtimes) ?? {}).sort(),
      defaultRuntime: textOf(said?.DefaultRuntime),
      securityOptions: listOf(said?.SecurityOptions),
      liveRestore: said?.LiveRestoreEnabled === true,
      swarm: {
        nodeId: textOf(swarm?.NodeID),
        state: textOf(swarm?.LocalNodeState),
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
