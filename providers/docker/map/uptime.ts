const UNITS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
};

export interface Age {
  /** Seconds; the text is rounded. */
  least: number;
  most: number;
}

/**
 * How long a container has been in its state, from the text of the list: `Up 5 minutes (healthy)`, `Exited (3) About an hour ago`.
 * Null where it says nothing of the kind. Rounding as in https://github.com/docker/go-units/blob/master/duration.go
 */
export function ageOf(status: string): Age | null {
  const text = /^(?:Up|Exited \(-?\d+\)|Restarting \(-?\d+\)) (.+?)(?: ago)?(?: \(.*\))?$/.exec(status)?.[1];
  if (text === undefined) return null;
  if (text === 'Less than a second') return { least: 0, most: 1 };
  if (text === 'About a minute') return { least: 60, most: 120 };
  if (text === 'About an hour') return { least: 1800, most: 5400 };
  const [, count, unit = ''] = /^(\d+) (second|minute|hour|day|week|month|year)s?$/.exec(text) ?? [];
  const seconds = UNITS[unit];
  if (count === undefined || seconds === undefined) return null;
  const n = Number(count);
  // Hours are rounded to the nearest, all others cut.
  const from = unit === 'hour' ? n - 0.5 : n;
  return { least: from * seconds, most: (from + 1) * seconds };
}
