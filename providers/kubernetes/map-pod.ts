import type { Amount, Identity, Resource } from '#lib/model/index.ts';
import { UnreadableRow } from '../kit/rows.ts';
import { containerDetail, podDetail } from './detail.ts';
import { type Lookup, nodeFacts, nodeIdentity, type Place } from './place.ts';
import { containerState, startOf } from './pod-state.ts';
import { parseMebibytes, parseQuantity } from './quantity.ts';
import type { RawContainer, RawContainerStatus, RawOwner, RawPod } from './raw.ts';
import { controllerOf, labelsOf, list, metadataOf, text, timestamp } from './read.ts';

type Flavour = { suffix: string; containers: readonly RawContainer[]; statuses: readonly RawContainerStatus[] };

/**
 * A pod as its containers: regular, init and ephemeral ones, each a row.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function mapPod(pod: RawPod, place: Place, lookup: Lookup): Resource[] {
  const meta = metadataOf(pod);
  const { spec, status } = pod;
  if (!Array.isArray(spec?.containers)) throw new UnreadableRow('spec.containers', 'a list');
  const node = text(spec.nodeName);
  const facts = node === null ? undefined : lookup.node(node);
  // Since 1.36 the scheduler copies its node's topology labels onto a pod; they serve where nodes cannot be read.
  const own = nodeFacts(meta.labels);
  const owner = workload(controllerOf(meta), lookup);
  const addresses = new Set<string>();
  for (const address of list(status?.podIPs, 'status.podIPs')) if (text(address.ip)) addresses.add(String(address.ip));
  if (text(status?.podIP)) addresses.add(String(status?.podIP));

  const common = {
    provider: 'kubernetes',
    source: place.source,
    scope: place.scope,
    kind: 'container' as const,
    origin: meta.uid,
    type: text(status?.qosClass),
    vcpus: null,
    memory: null,
    allocatable: null,
    region: facts?.region ?? own.region,
    zone: facts?.zone ?? own.zone,
    account: place.cluster,
    cluster: place.clusterName,
    namespace: text(meta.namespace),
    workload: owner.workload,
    pod: meta.name,
    os: text(spec.os?.name) ?? text(spec.nodeSelector?.['kubernetes.io/os']) ?? facts?.os ?? null,
    privateAddresses: [...addresses],
    publicAddresses: [],
    createdAt: timestamp(meta.creationTimestamp),
    tags: labelsOf(meta),
    lifecycle: null,
    isolation: isolation(text(spec.runtimeClassName), facts?.fargate === true, lookup),
    hostedBy: node === null ? [] : [nodeIdentity(place.cluster, node)],
    consoleUrl: null,
  };
  const detail = podDetail(pod);
  const flavours: Flavour[] = [
    { suffix: '', containers: spec.containers, statuses: list(status?.containerStatuses, 'status.containerStatuses') },
    {
      suffix: ':init',
      containers: list(spec.initContainers, 'spec.initContainers'),
      statuses: list(status?.initContainerStatuses, 'status.initContainerStatuses'),
    },
    {
      suffix: ':ephemeral',
      containers: list(spec.ephemeralContainers, 'spec.ephemeralContainers'),
      statuses: list(status?.ephemeralContainerStatuses, 'status.ephemeralContainerStatuses'),
    },
  ];

  const rows: Resource[] = [];
  for (const { suffix, containers, statuses } of flavours)
    for (const container of containers) {
      const name = text(container.name);
      if (name === null) throw new UnreadableRow('spec.containers[].name', 'a text');
      const now = statuses.find((candidate) => candidate.name === name);
      const runtimeId = text(now?.containerID)?.replace(/^[a-z0-9.+-]+:\/\//i, '') ?? null;
      const identities: Identity[] = runtimeId ? [{ type: 'runtime-id', value: runtimeId }] : [];
      const nativeId = `${meta.uid}/${name}${suffix}`;
      rows.push({
        ...common,
        ...containerState(pod, now),
        uid: `${place.cluster}/${nativeId}`,
        nativeId,
        name: `${meta.name}/${name}`,
        aliases: runtimeId ? [runtimeId] : [],
        identities,
        restarts: count(now?.restartCount),
        requests: amount(container.resources?.requests, 'requests'),
        limits: amount(container.resources?.limits, 'limits'),
        image: text(container.image) ?? text(now?.image),
        startedAt: timestamp(startOf(now?.state)),
        raw: {
          type: suffix === '' ? 'container' : suffix.slice(1),
          container: containerDetail(container, now),
          pod: detail,
          ...(owner.note ? { note: owner.note } : {}),
        },
      });
    }
  return rows;
}

/**
 * Pod -> ReplicaSet -> Deployment, Job -> CronJob. The hash is never cut from a ReplicaSet's name: a Deployment's name may end
 * like one. What cannot be read stops the chain one link earlier, and says so.
 */
function workload(owner: RawOwner | undefined, lookup: Lookup): { workload: Resource['workload']; note?: string } {
  const kind = text(owner?.kind);
  const name = text(owner?.name);
  if (kind === null || name === null) return { workload: null };
  const direct = { kind, name };
  const between =
    (kind === 'ReplicaSet' && owner?.apiVersion?.startsWith('apps/')) ||
    (kind === 'Job' && owner?.apiVersion?.startsWith('batch/'));
  if (!between || (kind !== 'ReplicaSet' && kind !== 'Job')) return { workload: direct };
  const above = lookup.controller(kind, owner?.uid ?? '');
  if (above === 'unknown') return { workload: direct, note: `owner of ${kind} ${name} could not be read` };
  return { workload: above ?? direct };
}

function amount(value: Record<string, string> | null | undefined, field: string): Amount | null {
  if (!value || (value.cpu === undefined && value.memory === undefined)) return null;
  const cpu = value.cpu === undefined ? null : parseQuantity(value.cpu);
  const memory = value.memory === undefined ? null : parseMebibytes(value.memory);
  if ((value.cpu !== undefined && cpu === null) || (value.memory !== undefined && memory === null))
    throw new UnreadableRow(`spec.containers[].resources.${field}`, 'quantities');
  return { cpu, memory };
}

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;

// Handlers as the projects' own installation guides name them.
function isolation(runtimeClass: string | null, fargate: boolean, lookup: Lookup): string | null {
  if (runtimeClass !== null) {
    const handler = lookup.handler(runtimeClass) ?? runtimeClass;
    if (/^(runsc|gvisor)/.test(handler)) return 'gvisor';
    if (/^kata/.test(handler)) return 'kata';
    if (handler !== 'runc' && handler !== 'crun' && lookup.handler(runtimeClass) !== undefined) return handler;
  }
  return fargate ? 'microvm' : null;
}
