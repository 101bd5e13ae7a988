const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export const count = (n: number): string => whole.format(n);

/** A count where space is short: 61.9k. */
export function shortCount(n: number): string {
  if (n < 10_000) return n < 10 ? short.format(n) : whole.format(n);
  return n < 1_000_000 ? `${short.format(n / 1_000)}k` : `${short.format(n / 1_000_000)}M`;
}

export interface Figure {
  value: string;
  unit: string;
}

/** MiB as a figure with its unit beside it. */
export function memory(mib: number): Figure {
  for (const [limit, unit] of [
    [1024 ** 2, 'Ti'],
    [1024, 'Gi'],
  ] as const) {
    if (mib >= limit) return { value: short.format(mib / limit), unit };
  }
  return { value: short.format(mib), unit: 'Mi' };
}

export const cores = (n: number): string => (n < 100 ? short : whole).format(n);

/** Cores as Kubernetes writes requests: 250m, 2. */
export const quantity = (n: number): string => (n < 1 ? `${Math.round(n * 1000)}m` : short.format(n));

const STEPS = [
  [365.25 * 86_400_000, 'y'],
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** A length of time in one unit: `6 h`. Never negative. */
export function span(ms: number): string {
  for (const [length, unit] of STEPS) if (ms >= length) return `${Math.floor(ms / length)} ${unit}`;
  return `${Math.max(0, Math.floor(ms / 1000))} s`;
}

/** `6 h ago`; what lies ahead of our clock is `just now`, not a negative age. */
export function ago(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  return ms < 5_000 ? 'just now' : `${span(ms)} ago`;
}

/** `2026-11-21 09:12:00 UTC`. */
export const exactTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** `09:12` where the day is today's in UTC, otherwise with the date. */
export function clockTime(iso: string, now: number): string {
  const today = new Date(now).toISOString().slice(0, 10);
  return iso.startsWith(today) ? iso.slice(11, 16) : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
}

export const percent = (part: number, total: number): string => {
  if (total === 0 || part === total) return '100 %';
  // Never rounded up to a whole that is not there.
  return `${Math.floor((part / total) * 1000) / 10} %`;
};
