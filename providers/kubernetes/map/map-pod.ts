import { type Resource, resourceOf } from '#lib/model/index.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import { type Lookup, nodeFacts, type Place } from '../clusters/place.ts';
import { amountOf } from './amount.ts';
import { containerDetail, podDetail } from './detail.ts';
import { KUBEVIRT_CONTAINER, kubeVirtVm } from './managed.ts';
import { containerState, startOf } from './pod-state.ts';
import type { RawContainer, RawContainerStatus, RawOwner, RawPod } from './raw.ts';
import { controllerOf, list, metadataOf, text, timestamp } from './read.ts';

type Flavour = 'container' | 'init' | 'ephemeral';

/**
 * A pod as its containers: regular, init and ephemeral ones, each a row.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function mapPod(pod: RawPod, place: Place, lookup: Lookup): Resource[] {
  const meta = metadataOf(pod);
  const { spec, status } = pod;
  // Every pod has some: without the field it is none, which null is not.
  if (spec?.containers === undefined) throw new UnreadableRow('spec.containers', 'a list');
  const containers = list(spec.containers, 'spec.containers');
  const node = text(spec.nodeName);
  const facts = node === null ? undefined : lookup.node(node);
  const controller = controllerOf(meta);
  const owner = workload(controller, lookup);
  const tags = place.labels(controller?.uid, meta);
  const type = text(status?.qosClass);
  // Since 1.36 the scheduler copies its node's topology labels onto a pod; they serve where nodes cannot be read.
  const own = facts?.zone ? undefined : nodeFacts(meta.labels);
  const region = facts?.region ?? own?.region ?? null;
  const zone = facts?.zone ?? own?.zone ?? null;
  const os = text(spec.os?.name) ?? text(spec.nodeSelector?.['kubernetes.io/os']) ?? facts?.os ?? null;
  const createdAt = timestamp(meta.creationTimestamp);
  const addresses = addressesOf(pod);
  // In its node's network it has what is mapped to the node, which a pod does not say.
  const mappedAddresses = spec.hostNetwork === true ? null : NONE;
  const isolated = isolation(text(spec.runtimeClassName), facts?.fargate === true, lookup);
  const hostedBy = place.host(node);
  const detail = podDetail(pod);
  const vm = kubeVirtVm(meta);
  const rows: Resource[] = [];

  const add = (flavour: Flavour, container: RawContainer, now: RawContainerStatus | undefined): void => {
    const name = text(container.name);
    if (name === null) throw new UnreadableRow('spec.containers[].name', 'a text');
    const runtimeId = text(now?.containerID)?.replace(/^[a-z0-9.+-]+:\/\//i, '') ?? null;
    const nativeId = flavour === 'container' ? `${meta.uid}/${name}` : `${meta.uid}/${name}:${flavour}`;
    const role = flavour === 'init' && container.restartPolicy === 'Always' ? 'sidecar' : flavour;
    const { state, nativeState, stateReason, ready, readyReason, lastEnd } = containerState(pod, now, role);
    const isVm = vm !== null && flavour === 'container' && name === KUBEVIRT_CONTAINER;
    rows.push(
      resourceOf({
        uid: `${place.cluster}/${nativeId}`,
        provider: 'kubernetes',
        source: place.source,
        scope: place.scope,
        kind: 'container',
        name: `${meta.name}/${name}`,
        nativeId,
        objectId: meta.uid,
        aliases: isVm && vm ? [vm, ...(runtimeId ? [runtimeId] : [])] : runtimeId ? [runtimeId] : [],
        identities: runtimeId ? [{ type: 'runtime-id', value: runtimeId }] : [],
        state,
        nativeState,
        stateReason,
        ready,
        readyReason,
        lastEnd,
        restarts: count(now?.restartCount),
        type,
        requests: amountOf(container.resources?.requests, 'spec.containers[].resources.requests'),
        limits: amountOf(container.resources?.limits, 'spec.containers[].resources.limits'),
        region,
        zone,
        account: place.cluster,
        cluster: place.clusterName,
        namespace: text(meta.namespace),
        workload: owner.workload,
        pod: meta.name,
        image: text(container.image) ?? text(now?.image),
        os,
        addresses,
        mappedAddresses,
        createdAt,
        startedAt: timestamp(startOf(now?.state)),
        tags,
        isolation: isolated,
        managed: isVm ? 'kubevirt' : null,
        hostedBy,
        raw: owner.note
          ? { type: flavour, container: containerDetail(container, now), pod: detail, note: owner.note }
          : { type: flavour, container: containerDetail(container, now), pod: detail },
      }),
    );
  };

  const statuses = list(status?.containerStatuses, 'status.containerStatuses');
  for (const container of containers) add('container', container, statusOf(container, statuses));
  const init = list(status?.initContainerStatuses, 'status.initContainerStatuses');
  for (const container of list(spec.initContainers, 'spec.initContainers'))
    add('init', container, statusOf(container, init));
  const ephemeral = list(status?.ephemeralContainerStatuses, 'status.ephemeralContainerStatuses');
  for (const container of list(spec.ephemeralContainers, 'spec.ephemeralContainers'))
    add('ephemeral', container, statusOf(container, ephemeral));
  return rows;
}

const NONE: string[] = [];

const statusOf = (container: RawContainer, statuses: readonly RawContainerStatus[]): RawContainerStatus | undefined =>
  statuses.find((candidate) => candidate.name === container.name);

function addressesOf({ status }: RawPod): string[] {
  const first = text(status?.podIP);
  const addresses = first === null ? [] : [first];
  for (const { ip } of list(status?.podIPs, 'status.podIPs'))
    if (typeof ip === 'string' && ip !== '' && !addresses.includes(ip)) addresses.push(ip);
  return addresses;
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
  const above = controllerAbove(owner, lookup);
  if (above === undefined) return { workload: direct };
  if (above === 'unknown') return { workload: direct, note: `owner of ${kind} ${name} could not be read` };
  return { workload: above ?? direct };
}

/** Who controls a ReplicaSet or Job; undefined for owners that stand at the end of their chain. */
export function controllerAbove(
  owner: RawOwner | undefined,
  lookup: Lookup,
): ReturnType<Lookup['controller']> | undefined {
  if (owner?.kind === 'ReplicaSet' && owner.apiVersion?.startsWith('apps/'))
    return lookup.controller('ReplicaSet', owner.uid ?? '');
  if (owner?.kind === 'Job' && owner.apiVersion?.startsWith('batch/')) return lookup.controller('Job', owner.uid ?? '');
  return undefined;
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
