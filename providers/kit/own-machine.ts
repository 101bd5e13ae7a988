import type { Identity } from '#lib/model/index.ts';
import type { OwnMachine } from '../contract.ts';

/** Part by which two readings of one memory may differ: a balloon moves between them. */
const TOLERANCE = 0.01;

/**
 * Whether what answers on a local socket is the collector's own machine: its name, its memory and, where it tells, its kernel are the same. A
 * VM behind a socket (Docker Desktop) has another kernel, a collector in a container another name: neither proves anything.
 */
export function isOwnMachine(
  own: OwnMachine,
  reported: { hostname: string | null; memory: number | null; kernel?: string | null },
): boolean {
  const { hostname, memory, kernel } = reported;
  if (hostname === null || memory === null) return false;
  if (kernel !== undefined && kernel !== own.kernel) return false;
  return isName(hostname, own.hostname) && (isNear(memory, own.memory) || isNear(memory, own.installed));
}

const isNear = (memory: number, own: number | null): boolean =>
  own !== null && Math.abs(memory - own) <= TOLERANCE * own;

/** One of them may be without its domain. */
function isName(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y || x.startsWith(`${y}.`) || y.startsWith(`${x}.`);
}

/** What a row of the collector's own machine has in common with each other one. */
export const ownIdentities = ({ bootId, machineId }: OwnMachine): Identity[] => [
  { type: 'boot-id', value: bootId },
  ...(machineId === null ? [] : [{ type: 'machine-id' as const, value: machineId }]),
];
