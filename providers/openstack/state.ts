import type { State } from '#lib/model/index.ts';

/** All values of a server's `status`; https://docs.openstack.org/api-guide/compute/server_concepts.html */
const STATES: ReadonlyMap<string, State> = new Map([
  ['ACTIVE', 'running'],
  ['BUILD', 'starting'],
  ['REBUILD', 'starting'],
  // These go on running, or come back to it by themselves.
  ['REBOOT', 'running'],
  ['HARD_REBOOT', 'running'],
  ['PASSWORD', 'running'],
  ['MIGRATING', 'running'],
  ['RESIZE', 'running'],
  ['VERIFY_RESIZE', 'running'],
  ['REVERT_RESIZE', 'running'],
  ['RESCUE', 'running'],
  ['PAUSED', 'suspended'],
  ['SUSPENDED', 'suspended'],
  ['SHUTOFF', 'stopped'],
  ['SHELVED', 'stopped'],
  ['SHELVED_OFFLOADED', 'stopped'],
  ['SOFT_DELETED', 'terminated'],
  ['DELETED', 'terminated'],
  ['ERROR', 'failed'],
  ['UNKNOWN', 'unknown'],
]);

/** What `OS-EXT-STS:task_state` is about to change, where the status does not say it yet. */
const TASKS: ReadonlyMap<string, State> = new Map([
  ['powering-on', 'starting'],
  ['spawning', 'starting'],
  ['resuming', 'starting'],
  ['unpausing', 'starting'],
  ['unshelving', 'starting'],
  ['restoring', 'starting'],
  ['powering-off', 'stopping'],
  ['suspending', 'stopping'],
  ['pausing', 'stopping'],
  ['shelving', 'stopping'],
  ['shelving_image_pending_upload', 'stopping'],
  ['shelving_image_uploading', 'stopping'],
  ['deleting', 'stopping'],
  ['soft-deleting', 'stopping'],
]);

const SETTLED: ReadonlySet<State> = new Set(['terminated', 'unknown']);
const MOVING: ReadonlySet<State> = new Set(['running', 'starting', 'stopping', 'suspended']);
/** `host_status` of a host whose nova-compute is not heard: what it ran at last is all that Nova knows. */
const SILENT = new Set(['DOWN', 'UNKNOWN']);

/**
 * The state of a server by its status, the task under way and the status of its host. A server that does not move (stopped, failed)
 * stays what it is while its host is silent.
 */
export function stateOf(status: string | null, task: string | null, host: string | null): State {
  const known = STATES.get(status ?? '') ?? 'unknown';
  const coming = SETTLED.has(known) ? undefined : TASKS.get(task ?? '');
  // A server in ERROR that is being deleted is on its way out; any other task leaves it failed.
  const state = coming && (known !== 'failed' || coming === 'stopping') ? coming : known;
  return SILENT.has(host ?? '') && MOVING.has(state) ? 'unknown' : state;
}

/** The status as Nova spells it, with the task under way: `ACTIVE (powering-off)`. */
export const nativeStateOf = (status: string | null, task: string | null): string | null =>
  status !== null && task !== null ? `${status} (${task})` : status;
