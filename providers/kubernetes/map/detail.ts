import type { JsonValue } from '#lib/model/index.ts';
import { mentionsSecret, remembered } from '#lib/runtime/secrets.ts';
import { put as set } from '#providers/kit/put.ts';
import type { RawCondition, RawContainer, RawContainerStatus, RawMeta, RawNode, RawPod } from './raw.ts';
import { list, text } from './read.ts';

/*
 * The detail is built from named fields, not copied and cleaned: environment values, arguments, probes with headers, termination
 * messages (they may be the end of a log), last-applied-configuration and managedFields are never touched. What a row says in
 * its own fields is not said again: fifty thousand pods are read in one go, and detail is most of what they leave behind.
 */

type Detail = { [key: string]: JsonValue };

const MAX_TEXT = 256;
const MAX_ITEMS = 64;
const MAX_DEPTH = 6;
/** Annotations are other programs' words: what only sounds like a secret is left out as well. */
const ALSO_LEFT_OUT = /auth|cert|last-applied|key$/i;
const isLeftOut = remembered((key) => mentionsSecret(key) || ALSO_LEFT_OUT.test(key));

const clip = (value: string): string => (value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);

const short = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? clip(value) : undefined;

/** A bounded copy of plain JSON; `undefined` where there is nothing. */
function plain(value: unknown, depth = 0): JsonValue | undefined {
  if (typeof value === 'string') return value === '' ? undefined : clip(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.slice(0, MAX_ITEMS).flatMap((item) => plain(item, depth + 1) ?? []);
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return undefined;
  const copy: Detail = {};
  for (const key of keys) put(copy, key, plain((value as Record<string, unknown>)[key], depth + 1));
  return copy;
}

function put(into: Detail, key: string, value: JsonValue | undefined): void {
  if (value !== undefined) set(into, key, value);
}

/** Short annotations under harmless keys. Long or structured values are other programs' state and may hold anything. */
function annotations(meta: RawMeta): JsonValue | undefined {
  let copy: Detail | undefined;
  for (const [key, value] of Object.entries(meta.annotations ?? {})) {
    if (typeof value !== 'string' || value.length > MAX_TEXT || /^\s*[[{]/.test(value) || isLeftOut(key)) continue;
    copy ??= {};
    put(copy, key, value);
  }
  return copy;
}

/** Type to status, with the reason where it is not as it should be. */
function conditions(value: readonly RawCondition[] | null | undefined): JsonValue | undefined {
  let copy: Detail | undefined;
  for (const { type, status, reason, message } of list(value, 'status.conditions').slice(0, MAX_ITEMS)) {
    if (typeof type !== 'string') continue;
    copy ??= {};
    const why = [text(reason), text(message)].filter((part) => part !== null).join(': ');
    put(copy, type, status === 'True' || why === '' ? text(status) : clip(`${status} (${why})`));
  }
  return copy;
}

/** What the containers of a pod have in common; one object for all of them. */
export function podDetail(pod: RawPod): JsonValue {
  const copy: Detail = {};
  const { metadata: meta = {}, spec, status } = pod;
  put(copy, 'annotations', annotations(meta));
  put(copy, 'phase', short(status?.phase));
  put(copy, 'message', short(status?.message));
  put(copy, 'conditions', conditions(status?.conditions));
  put(copy, 'deletionTimestamp', short(meta.deletionTimestamp));
  put(copy, 'serviceAccountName', short(spec?.serviceAccountName));
  put(copy, 'priorityClassName', short(spec?.priorityClassName));
  put(copy, 'runtimeClassName', short(spec?.runtimeClassName));
  if (spec?.restartPolicy !== 'Always') put(copy, 'restartPolicy', short(spec?.restartPolicy));
  if (spec?.schedulerName !== 'default-scheduler') put(copy, 'schedulerName', short(spec?.schedulerName));
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC'] as const) if (spec?.[key] === true) copy[key] = true;
  put(copy, 'hostIP', short(status?.hostIP));
  put(copy, 'volumes', volumes(spec?.volumes));
  return copy;
}

/** Name and kind of each volume; never inline content. */
function volumes(value: unknown): JsonValue | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const copy: Detail = {};
  for (const volume of value.slice(0, MAX_ITEMS)) {
    const name = text(volume?.name);
    if (name !== null) put(copy, name, Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir');
  }
  return copy;
}

export function containerDetail(container: RawContainer, status: RawContainerStatus | undefined): JsonValue {
  const copy: Detail = {};
  put(copy, 'ready', plain(status?.ready));
  put(copy, 'imageID', short(status?.imageID));
  if (container.imagePullPolicy !== 'IfNotPresent') put(copy, 'imagePullPolicy', short(container.imagePullPolicy));
  put(copy, 'restartPolicy', short(container.restartPolicy));
  put(copy, 'ports', plain(container.ports));
  put(copy, 'securityContext', plain(container.securityContext));
  put(copy, 'volumeMounts', plain(container.volumeMounts));
  if (Array.isArray(container.env) && container.env.length > 0)
    copy.environmentNames = container.env.slice(0, MAX_ITEMS).map((item) => text(item?.name));
  put(copy, 'waitingMessage', short(status?.state?.waiting?.message));
  put(copy, 'terminated', ending(status?.state?.terminated));
  put(copy, 'lastTerminated', ending(status?.lastState?.terminated));
  return copy;
}

function ending(value: NonNullable<RawContainerStatus['state']>['terminated']): JsonValue | undefined {
  if (!value) return undefined;
  const { reason, exitCode, signal, startedAt, finishedAt } = value;
  return plain({ reason, exitCode, signal, startedAt, finishedAt });
}

export function nodeDetail(node: RawNode): JsonValue {
  const copy: Detail = {};
  const { spec, status } = node;
  put(copy, 'annotations', annotations(node.metadata ?? {}));
  for (const key of ['podCIDRs', 'providerID', 'taints'] as const) put(copy, key, plain(spec?.[key]));
  for (const key of ['capacity', 'allocatable', 'nodeInfo'] as const) put(copy, key, plain(status?.[key]));
  put(copy, 'conditions', conditions(status?.conditions));
  return copy;
}
