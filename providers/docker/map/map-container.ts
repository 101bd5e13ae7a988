import {
  type DetailField,
  type Identity,
  type Resource,
  resourceOf,
  type Scope,
  type Tags,
  tagsOf,
} from '#lib/model/index.ts';
import { asAmount, asArray, asRecord, asString, type Fields, pairsOf } from '#providers/kit/read.ts';
import { redact, withoutSecret } from '#providers/kit/redact.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { Detail } from './detail.ts';
import type { Engine } from './engine.ts';
import { conditionOf, exitCodeOf, healthOf } from './state.ts';

/** A container as the list has it, and what inspect adds. */
export interface Row {
  summary: unknown;
  /** Null where it could not be asked. */
  detail: Detail | null;
}

export const idOf = (summary: unknown): string | null => asString(asRecord(summary)?.Id);

/** One container, https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerList */
export function toResource({ summary, detail }: Row, engine: Engine, scope: Scope): Resource {
  const row = asRecord(summary);
  const id = idOf(summary);
  if (!row || id === null) throw new UnreadableRow('Id', 'a text');
  const names = namesOf(row);
  const labels = labelsOf(row);
  const native = asString(row.State);
  const status = asString(row.Status) ?? '';
  const pod = labels['io.kubernetes.pod.name'] ?? null;
  const created = asAmount(row.Created);
  return resourceOf({
    uid: `${engine.id}/${id}`,
    provider: 'docker',
    source: scope.source,
    scope: scope.id,
    kind: 'container',
    name: names[0] ?? id.slice(0, 12),
    nativeId: id,
    objectId: id,
    aliases: names.slice(1),
    identities: identitiesOf(id, names, labels),
    ...conditionOf(native, status, detail),
    nativeState: native,
    restarts: detail?.restarts ?? null,
    type: isPause(labels) ? 'pause' : null,
    requests: detail?.requests ?? null,
    limits: detail?.limits ?? null,
    account: scope.account,
    namespace: labels['io.kubernetes.pod.namespace'] ?? labels['com.docker.stack.namespace'] ?? null,
    workload: workloadOf(labels),
    pod,
    image: asString(row.Image),
    os: engine.os,
    addresses: addressesOf(row),
    mappedAddresses: [],
    createdAt: created === null || created === 0 ? null : new Date(created * 1000).toISOString(),
    startedAt: detail?.startedAt ?? null,
    tags: labels,
    isolation: detail?.isolation ?? null,
    hostedBy: [{ type: 'host', value: `docker/${engine.id}` }],
    raw: {
      container: redact({
        imageId: asString(row.ImageID),
        networkMode: asString(asRecord(row.HostConfig)?.NetworkMode),
        networks: Object.entries(networksOf(row)).map(([name, network]) => ({
          name,
          address: asString(asRecord(network)?.IPAddress),
          mac: asString(asRecord(network)?.MacAddress),
        })),
        ports: asArray(row.Ports),
        mounts: asArray(row.Mounts).map(mountOf),
      }),
      detail: detail?.raw ?? null,
    },
  });
}

/** What a row whose container could not be inspected says nothing of. */
export function unknownOf({ summary, detail }: Row): readonly DetailField[] {
  if (detail !== null) return [];
  const row = asRecord(summary);
  const status = asString(row?.Status) ?? '';
  // Only inspect knows whether it could be started, whether it was the kernel that killed it for its memory, and on Podman its health.
  if (row?.State === 'created') return [...OF_INSPECT, 'state', 'stateReason'];
  if (row?.State === 'running' && healthOf(status) === null) return [...OF_INSPECT, 'ready', 'readyReason'];
  return exitCodeOf(status) === 137 ? [...OF_INSPECT, 'stateReason'] : OF_INSPECT;
}

export const OF_INSPECT: readonly DetailField[] = ['restarts', 'requests', 'limits', 'startedAt', 'isolation'];

/** Legacy links give a container further names: `/web`, `/proxy/backend`. Its own has one slash. */
function namesOf(row: Fields): string[] {
  const names = asArray(row.Names).filter((name): name is string => typeof name === 'string' && name !== '');
  return names.map((name) => name.replace(/^\//, '')).sort((a, b) => depth(a) - depth(b));
}
const depth = (name: string): number => name.split('/').length;

/** Labels are free text that everyone who may inspect sees; those whose key says that they hold a secret keep the key alone. */
const labelsOf = (row: Fields): Tags => tagsOf(pairsOf(row.Labels).map(withoutSecret));

/**
 * No MAC and no address is evidence: engines give the same ones (02:42:ac:11:00:02, 172.17.0.2) on every host.
 * A node of kind is the container that its provider id names, https://kind.sigs.k8s.io.
 */
function identitiesOf(id: string, names: readonly string[], labels: Tags): Identity[] {
  const identities: Identity[] = [{ type: 'runtime-id', value: id }];
  const pod = labels['io.kubernetes.pod.uid'];
  if (pod) identities.push({ type: 'pod', value: pod });
  const kind = labels['io.x-k8s.kind.cluster'];
  if (kind && names[0]) identities.push({ type: 'provider-id', value: `kind://docker/${kind}/${names[0]}` });
  return identities;
}

/** The container that holds a pod's network, of cri-dockerd and of dockershim before it. */
const isPause = (labels: Tags): boolean =>
  labels['io.kubernetes.docker.type'] === 'podsandbox' || labels['io.kubernetes.container.name'] === 'POD';

function workloadOf(labels: Tags): Resource['workload'] {
  const swarm = labels['com.docker.swarm.service.name'];
  if (swarm) return { kind: 'Swarm service', name: swarm };
  const project = labels['com.docker.compose.project'];
  const service = labels['com.docker.compose.service'];
  if (project)
    return service
      ? { kind: 'Compose service', name: `${project}/${service}` }
      : { kind: 'Compose project', name: project };
  return null;
}

/** Null on Podman where a container has the network of its host. */
const networksOf = (row: Fields): Fields => asRecord(asRecord(row.NetworkSettings)?.Networks) ?? {};

/**
 * Null where it has the network of its host or of another container, whose addresses the engine does not repeat, or where the engine
 * names no network at all (Podman).
 */
function addressesOf(row: Fields): string[] | null {
  const all = Object.values(networksOf(row)).flatMap((network) => [
    asString(asRecord(network)?.IPAddress),
    asString(asRecord(network)?.GlobalIPv6Address),
  ]);
  const found = new Set(all.filter((address) => address !== null));
  const mode = asString(asRecord(row.HostConfig)?.NetworkMode) ?? '';
  const shares = mode === '' || /^(host$|container:)/.test(mode);
  return found.size === 0 && shares ? null : [...found];
}

function mountOf(value: unknown): object {
  const mount = asRecord(value);
  return {
    type: asString(mount?.Type),
    name: asString(mount?.Name),
    destination: asString(mount?.Destination),
    writable: mount?.RW === true,
  };
}
