import type { Clock } from '#providers/contract.ts';
import { asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { exitCodeOf } from '../map/state.ts';

/** A busy engine tells an event up to seconds before its own list shows it: it is asked again after these pauses, then left alone. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000];

/** The state of a container as inspect has it, in the words of the list. */
export interface ReportedState {
  state: string;
  status: string;
}

/** `GET /containers/{id}/json`; null where it tells no state. */
export function reportedStateOf(inspected: unknown): ReportedState | null {
  const reported = asRecord(asRecord(inspected)?.State);
  const state = asString(reported?.Status);
  if (state === null) return null;
  const code = asNumber(reported?.ExitCode) ?? 0;
  const health = asString(asRecord(reported?.Health)?.Status);
  const word = health === 'starting' ? 'health: starting' : health;
  switch (state) {
    case 'running':
      return { state, status: word === null || word === 'none' ? 'Up' : `Up (${word})` };
    case 'paused':
      return { state, status: 'Up (Paused)' };
    case 'restarting':
      return { state, status: `Restarting (${code})` };
    case 'exited':
    case 'dead':
      return { state, status: `Exited (${code})` };
    default:
      return { state, status: '' };
  }
}

/** True where the list's entry says the same. Podman's list has no word of health, which is no other word. */
export function agrees(summary: unknown, reported: ReportedState): boolean {
  const row = asRecord(summary);
  const status = asString(row?.Status) ?? '';
  if (asString(row?.State) !== reported.state) return false;
  const code = exitCodeOf(status);
  if (code !== null && code !== exitCodeOf(reported.status)) return false;
  const health = healthIn(status);
  return health === undefined || health === healthIn(reported.status);
}

const healthIn = (status: string): string | undefined => /\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1];

/** The list's entry with the state that inspect said after it. */
export const corrected = (summary: unknown, { state, status }: ReportedState): unknown => ({
  ...asRecord(summary),
  State: state,
  Status: status,
});

/** Containers of which the list and inspect say different things: looked at again until they agree. */
export interface Doubts {
  note(id: string, agreed: boolean): void;
  /** An event named them: they begin anew. */
  forget(ids: Iterable<string>): void;
  /** Milliseconds until one is due; infinite without any. */
  dueIn(): number;
  /** Those that are due. */
  take(): string[];
}

export function createDoubts(clock: Clock): Doubts {
  /** By id: when it is due, and how often it was looked at. */
  const open = new Map<string, { at: number; looks: number }>();
  return {
    note(id, agreed) {
      const looks = open.get(id)?.looks ?? 0;
      const pause = PAUSES_MS[looks];
      if (agreed || pause === undefined) open.delete(id);
      else open.set(id, { at: clock.monotonic() + pause, looks: looks + 1 });
    },
    forget(ids) {
      for (const id of ids) open.delete(id);
    },
    dueIn() {
      const first = Math.min(...[...open.values()].map(({ at }) => at));
      return Math.max(0, first - clock.monotonic());
    },
    take() {
      const now = clock.monotonic();
      return [...open].filter(([, { at }]) => at <= now).map(([id]) => id);
    },
  };
}
