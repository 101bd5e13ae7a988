import type { State } from '#lib/model/index.ts';

/** All states of the Engine's API, and those that only Podman has. What is not here is `unknown`, its own word beside it. */
const STATES: ReadonlyMap<string, State> = new Map([
  ['created', 'stopped'],
  ['running', 'running'],
  ['paused', 'suspended'],
  ['restarting', 'starting'],
  ['removing', 'stopping'],
  ['exited', 'stopped'],
  ['dead', 'failed'],
  ['configured', 'stopped'],
  ['initialized', 'stopped'],
  ['stopping', 'stopping'],
  ['stopped', 'stopped'],
]);

/** 128 + SIGINT, 128 + SIGTERM: it ended as it was told. */
const TOLD = new Set([0, 130, 143]);

export interface Condition {
  state: State;
  stateReason: string | null;
}

/**
 * State of a container from its list entry, https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerList
 * @param oomKilled what inspect says of it, null where it could not be asked
 */
export function conditionOf(native: string | null, status: string, oomKilled: boolean | null): Condition {
  const state = STATES.get(native ?? '') ?? 'unknown';
  const code = exitCodeOf(status);
  if (native === 'running' || native === 'paused') return { state, stateReason: healthOf(status) };
  if (code === null) return { state, stateReason: null };
  if (oomKilled === true && code !== 0)
    return { state: native === 'exited' ? 'failed' : state, stateReason: 'OOMKilled' };
  const failed = native === 'exited' && !TOLD.has(code);
  return { state: failed ? 'failed' : state, stateReason: code === 0 ? null : `exit code ${code}` };
}

/** `Exited (3) 5 minutes ago`, `Restarting (1) 2 seconds ago`. */
export function exitCodeOf(status: string): number | null {
  const code = /^(?:Exited|Restarting) \((-?\d{1,10})\)/.exec(status)?.[1];
  return code === undefined ? null : Number(code);
}

/** `Up 2 hours (unhealthy)`, `Up 5 seconds (health: starting)`. */
function healthOf(status: string): string | null {
  return /\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1] ?? null;
}
