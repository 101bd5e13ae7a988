/** Bytes of each unit, https://linuxcontainers.org/incus/docs/main/reference/instance_units/ */
const UNITS: ReadonlyMap<string, number> = new Map(
  ['', 'k', 'M', 'G', 'T', 'P', 'E'].flatMap((letter, power): [string, number][] =>
    power === 0
      ? [
          ['', 1],
          ['B', 1],
          ['bytes', 1],
        ]
      : [
          [`${letter}B`, 1000 ** power],
          [`${letter.toUpperCase()}iB`, 1024 ** power],
        ],
  ),
);
const MIB = 1024 * 1024;

/** CPUs in one range; no machine has more. */
const MOST = 65_536;

/**
 * `limits.cpu`: a number of CPUs, or those that it is pinned to: `0-3`, `0,2,4-5`.
 * @returns null where it says neither
 */
export function cpusOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) > 0 ? Number(text) : null;
  const pinned = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > MOST) return null;
    for (let cpu = Number(first); cpu <= Number(last); cpu++) pinned.add(cpu);
  }
  return pinned.size;
}

/** `limits.cpu.allowance` of a container as a hard limit in cores: `25ms/100ms`. A percentage only weighs it against its neighbours. */
export function allowanceOf(text: string | null): number | null {
  const [, time, period] = /^(\d{1,9})ms\/(\d{1,9})ms$/.exec(text ?? '') ?? [];
  return time === undefined || Number(period) === 0 ? null : Number(time) / Number(period);
}

/** An amount of memory in MiB, or a part of that of the host it is on; null where it is none. */
export type Memory = { mib: number } | { part: number } | null;

/** `limits.memory`: `2GiB`, `512MB`, `50%`. */
export function memoryOf(text: string | null): Memory {
  const [, number, unit = ''] = /^(\d{1,18})\s*([A-Za-z]*|%)$/.exec(text ?? '') ?? [];
  if (number === undefined) return null;
  if (unit === '%') return { part: Number(number) / 100 };
  const factor = UNITS.get(unit);
  return factor === undefined ? null : { mib: Math.round((Number(number) * factor * 1000) / MIB) / 1000 };
}
