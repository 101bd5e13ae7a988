import type { Resource, State } from '#lib/model/index.ts';
import type { Detail } from './detail.ts';

/**
 * All states of the Engine's API, and those that only Podman has; why each is what it is: docs/states.md. What is not here is
 * `unknown`, its own word beside it.
 */
const STATES: ReadonlyMap<string, State> = new Map([
  ['created', 'starting'],
  ['running', 'running'],
  ['paused', 'suspended'],
  ['restarting', 'failed'],
  ['removing', 'stopping'],
  ['exited', 'stopped'],
  ['dead', 'failed'],
  ['configured', 'starting'],
  ['initialized', 'starting'],
  ['stopping', 'stopping'],
  ['stopped', 'stopped'],
]);

/**
 * It ended as it was asked to: 128 + SIGINT, 128 + SIGTERM; on Windows the NTSTATUS of Ctrl+C, which is how a container is stopped there,
 * and those of a debugger's end and Ctrl+C.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55
 */
const TOLD = new Set([0, 130, 143, 0xc000013a, 0x40010004, 0x40010005]);

/** Codes from here on are an NTSTATUS, which is known by its hexadecimal form. */
const NTSTATUS = 0x4000_0000;

export type Condition = Pick<Resource, 'state' | 'stateReason' | 'ready' | 'readyReason'>;

/** What inspect says of a container's state beside its list entry. */
export type Inspected = Pick<Detail, 'oomKilled' | 'exitCode' | 'error' | 'health' | 'startedAt'>;

/**
 * State of a container from its list entry, https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerList
 * @param inspected null where it could not be asked
 */
export function conditionOf(native: string | null, status: string, inspected: Inspected | null): Condition {
  const state = STATES.get(native ?? '') ?? 'unknown';
  // Nobody checks the health of what does not run, and what was found last says nothing any more.
  if (state === 'running') return { state, stateReason: null, ...readinessOf(inspected?.health ?? healthOf(status)) };
  if (state === 'suspended') return { state, stateReason: null, ...NO_READINESS };
  if (state === 'starting') return { ...beforeStart(inspected), ...NO_READINESS };
  const code = exitCodeOf(status);
  const error = inspected?.error ?? null;
  const killed = inspected?.oomKilled === true && code !== 0 && code !== null;
  const failed = killed || (code !== null && !TOLD.has(code));
  return {
    state: native === 'exited' && failed ? 'failed' : state,
    stateReason: killed ? 'OOMKilled' : (error ?? exitText(native, code)),
    ...NO_READINESS,
  };
}

/** A container that never ran: nobody started it yet, or it could not be started, which only inspect knows. */
function beforeStart(inspected: Inspected | null): Pick<Condition, 'state' | 'stateReason'> {
  // One of Podman's may have run before and be made ready to run again; its exit code is of that time.
  const before = inspected?.startedAt ?? null;
  const code = before === null ? (inspected?.exitCode ?? 0) : 0;
  if (inspected?.error) return { state: 'failed', stateReason: inspected.error };
  if (code !== 0) return { state: 'failed', stateReason: codeText(code) };
  return { state: 'starting', stateReason: before === null ? NEVER_STARTED : null };
}

const NEVER_STARTED = 'created, never started';

const NO_READINESS = { ready: null, readyReason: null } as const;

/** An exit that is as it should be needs no reason, unless it is why the container is started again and again. */
const exitText = (native: string | null, code: number | null): string | null =>
  code === null || (code === 0 && native !== 'restarting') ? null : codeText(code);

const codeText = (code: number): string =>
  `exit code ${code}${code >= NTSTATUS ? ` (0x${code.toString(16).toUpperCase()})` : ''}`;

/** `Exited (3) 5 minutes ago`, `Restarting (1) 2 seconds ago`; a signed NTSTATUS as the unsigned one that its vendor lists. */
export function exitCodeOf(status: string): number | null {
  const text = /^(?:Exited|Restarting) \((-?\d{1,10})\)/.exec(status)?.[1];
  if (text === undefined) return null;
  const code = Number(text);
  // Errors are 0xC0000000 and a little more, warnings 0x80000000: far below 0 where they are signed.
  return code < -(2 ** 29) ? code + 2 ** 32 : code;
}

/** In the words of inspect: `Up 2 hours (unhealthy)`, `Up 5 seconds (health: starting)`. */
export const healthOf = (status: string): string | null =>
  /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1] ?? null;

/** A container without a health check says nothing, or `none`. */
function readinessOf(health: string | null): Pick<Condition, 'ready' | 'readyReason'> {
  if (health === 'healthy') return { ready: true, readyReason: null };
  return health === 'unhealthy' || health === 'starting' ? { ready: false, readyReason: health } : NO_READINESS;
}
