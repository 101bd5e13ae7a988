import type { JsonValue } from '#lib/model/index.ts';
import type { RawCondition, RawContainer, RawContainerStatus, RawMeta, RawNode, RawPod } from './raw.ts';
import { list, text } from './read.ts';

/*
 * The detail is built from named fields, not copied and cleaned: environment values, arguments, probes with headers, termination
 * messages (they may be the end of a log), last-applied-configuration and managedFields are never touched.
 */

type Detail = { [key: string]: JsonValue };

const MAX_TEXT = 256;
const MAX_ITEMS = 64;
const MAX_DEPTH = 6;
const SECRET_KEY = /secret|token|passw|credential|auth|cert|last-applied|key$/i;

/** A bounded copy of plain JSON; `undefined` where there is nothing. */
function plain(value: unknown, depth = 0): JsonValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return clip(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value))
    return value.slice(0, MAX_ITEMS).flatMap((item) => {
      const copy = plain(item, depth + 1);
      return copy === undefined ? [] : [copy];
    });
  const copy: Detail = Object.create(null);
  for (const [key, item] of Object.entries(value)) put(copy, key, plain(item, depth + 1));
  return copy;
}

const clip = (value: string): string => (value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);

function put(into: Detail, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) into[key] = value;
}

/** Short annotations under harmless keys. Long or structured values are other programs' state and may hold anything. */
function annotations(meta: RawMeta): JsonValue | undefined {
  const copy: Detail = Object.create(null);
  let any = false;
  for (const [key, value] of Object.entries(meta.annotations ?? {})) {
    if (typeof value !== 'string' || value.length > MAX_TEXT || /^\s*[[{]/.test(value) || SECRET_KEY.test(key))
      continue;
    copy[key] = value;
    any = true;
  }
  return any ? copy : undefined;
}

const conditions = (value: readonly RawCondition[] | null | undefined): JsonValue =>
  list(value, 'status.conditions').map((condition) => {
    const copy: Detail = { type: text(condition.type), status: text(condition.status) };
    put(copy, 'reason', plain(condition.reason));
    put(copy, 'message', plain(condition.message));
    put(copy, 'lastTransitionTime', plain(condition.lastTransitionTime));
    return copy;
  });

const POD_SPEC = [
  'nodeName',
  'nodeSelector',
  'runtimeClassName',
  'serviceAccountName',
  'priorityClassName',
  'restartPolicy',
  'schedulerName',
  'hostNetwork',
  'hostPID',
  'hostIPC',
] as const;
const POD_STATUS = ['phase', 'reason', 'message', 'qosClass', 'hostIP', 'podIPs', 'startTime'] as const;

/** What the containers of a pod have in common; one object for all of them. */
export function podDetail(pod: RawPod): JsonValue {
  const copy: Detail = {};
  const { metadata: meta = {}, spec, status } = pod;
  put(copy, 'ownerReferences', plain(meta.ownerReferences));
  put(copy, 'annotations', annotations(meta));
  put(copy, 'deletionTimestamp', plain(meta.deletionTimestamp));
  for (const key of POD_SPEC) put(copy, key, plain(spec?.[key]));
  put(copy, 'volumes', volumes(spec?.volumes));
  for (const key of POD_STATUS) put(copy, key, plain(status?.[key]));
  copy.conditions = conditions(status?.conditions);
  return copy;
}

/** Name and kind of each volume, and what it names; never inline content. */
function volumes(value: unknown): JsonValue | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.slice(0, MAX_ITEMS).map((volume: Record<string, unknown>) => {
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
    return { name: text(volume.name), kind };
  });
}

const CONTAINER = [
  'imagePullPolicy',
  'restartPolicy',
  'resources',
  'ports',
  'securityContext',
  'volumeMounts',
] as const;
const STATUS = ['ready', 'started', 'restartCount', 'imageID', 'containerID'] as const;

export function containerDetail(container: RawContainer, status: RawContainerStatus | undefined): JsonValue {
  const copy: Detail = {};
  for (const key of CONTAINER) put(copy, key, plain(container[key]));
  if (Array.isArray(container.env))
    copy.environmentNames = container.env.slice(0, MAX_ITEMS).map((item) => text(item?.name));
  for (const key of STATUS) put(copy, key, plain(status?.[key]));
  put(copy, 'waitingMessage', plain(status?.state?.waiting?.message));
  put(copy, 'terminated', ending(status?.state?.terminated));
  put(copy, 'lastTerminated', ending(status?.lastState?.terminated));
  return copy;
}

function ending(value: NonNullable<RawContainerStatus['state']>['terminated']): JsonValue | undefined {
  if (!value) return undefined;
  const { reason, exitCode, signal, startedAt, finishedAt } = value;
  return plain({ reason, exitCode, signal, startedAt, finishedAt });
}

const NODE_SPEC = ['podCIDRs', 'providerID', 'unschedulable', 'taints'] as const;
const NODE_STATUS = ['capacity', 'allocatable', 'addresses', 'nodeInfo'] as const;

export function nodeDetail(node: RawNode): JsonValue {
  const copy: Detail = {};
  put(copy, 'annotations', annotations(node.metadata ?? {}));
  for (const key of NODE_SPEC) put(copy, key, plain(node.spec?.[key]));
  for (const key of NODE_STATUS) put(copy, key, plain(node.status?.[key]));
  copy.conditions = conditions(node.status?.conditions);
  return copy;
}
