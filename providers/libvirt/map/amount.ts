/** Factors to bytes of libvirt's units, https://libvirt.org/formatdomain.html#memory-allocation; without one it is KiB. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['bytes', 1],
  ['KB', 1e3],
  ['k', 2 ** 10],
  ['KiB', 2 ** 10],
  ['MB', 1e6],
  ['M', 2 ** 20],
  ['MiB', 2 ** 20],
  ['GB', 1e9],
  ['G', 2 ** 30],
  ['GiB', 2 ** 30],
  ['TB', 1e12],
  ['T', 2 ** 40],
  ['TiB', 2 ** 40],
]);

/** An amount of memory in MiB; null where it is none. */
export function mebibytes(text: string | null, unit: string | null): number | null {
  const factor = UNITS.get(unit ?? 'KiB');
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  if (factor === undefined || !Number.isFinite(number) || number < 0) return null;
  // An integer wherever the system means one.
  return Math.round((number * factor * 1000) / 2 ** 20) / 1000;
}

export function count(text: string | null): number | null {
  return text !== null && /^\s*\d+\s*$/.test(text) ? Number(text) : null;
}
