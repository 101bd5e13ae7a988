import type { Clock } from '#providers/contract.ts';
import { asArray, asRecord, asString } from '#providers/kit/read.ts';
import { locationOf } from '../map/map-instance.ts';
import { isTransient } from '../map/state.ts';

/** No event tells of an address that a guest is given after its start, nor of the end of a change that is under way. */
const PAUSES_MS = [1000, 2000, 5000, 15_000, 30_000];

/** Instances that are looked at again, by origin, until they are what they will be. */
export interface Unsettled {
  /** Looked at, it is settled or not. */
  note(objectId: string, settled: boolean): void;
  /** An event named it: it begins anew. */
  forget(objectId: string): void;
  /** Milliseconds until one is due; infinite without any. */
  dueIn(): number;
  /** Those that are due. */
  take(): string[];
}

export function createUnsettled(clock: Clock): Unsettled {
  const open = new Map<string, { at: number; looks: number }>();
  return {
    note(objectId, settled) {
      const looks = open.get(objectId)?.looks ?? 0;
      const pause = PAUSES_MS[looks];
      if (settled || pause === undefined) open.delete(objectId);
      else open.set(objectId, { at: clock.monotonic() + pause, looks: looks + 1 });
    },
    forget: (objectId) => void open.delete(objectId),
    dueIn: () => Math.max(0, Math.min(...[...open.values()].map(({ at }) => at)) - clock.monotonic()),
    take: () => [...open].filter(([, { at }]) => at <= clock.monotonic()).map(([objectId]) => objectId),
  };
}

/** Whether an instance is in no change, and has the addresses that it will have. */
export function isSettled(row: unknown): boolean {
  const instance = asRecord(row);
  const status = asString(instance?.status);
  if (isTransient(status)) return false;
  if (status !== 'Running' && status !== 'Ready') return true;
  const ports = Object.entries(asRecord(asRecord(instance?.state)?.network) ?? {}).filter(([name]) => name !== 'lo');
  // One without a network has all that it will ever have.
  if (ports.length === 0) return asString(instance?.type) === 'container';
  const addresses = ports.flatMap(([, port]) => asArray(asRecord(port)?.addresses));
  return addresses.some((entry) => asString(asRecord(entry)?.scope) === 'global');
}

export const isOn = (row: unknown, member: string | null): boolean => member === null || locationOf(row) === member;
