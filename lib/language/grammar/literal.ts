import type { FieldType } from '../field.ts';
import type { Op, Value } from './ast.ts';

/** What an ordered field is compared with: from `min` to `max`, an end included unless it is open. */
export interface Bounds {
  min: number;
  minOpen: boolean;
  max: number;
  maxOpen: boolean;
}

/**
 * A literal on the number line. `to` is where the unit it was written in ends (a day, an hour): `created:2026-11-01` means that
 * whole day. Null where the literal is a point.
 */
interface Literal {
  from: number;
  to: number | null;
}

const MINUTE = 60_000;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', MINUTE],
  ['h', 60 * MINUTE],
  ['d', 1440 * MINUTE],
  ['w', 7 * 1440 * MINUTE],
  ['y', 365 * 1440 * MINUTE],
]);

export const isOrdered = (type: FieldType): boolean =>
  type === 'number' || type === 'size' || type === 'duration' || type === 'date';

/** What a literal of the type looks like, for the message of a mistake. */
export const LITERAL_FORM: Readonly<Record<FieldType, string>> = {
  keyword: 'a value',
  text: 'a text',
  tag: 'a value',
  address: 'an address, 10.0.*, or a network such as 10.0.0.0/8',
  number: 'a number such as 4, 0.5 or 500m, or a range such as 2..8',
  size: 'a size such as 512Mi or 16Gi (a bare number is MiB), or a range such as 1Gi..4Gi',
  duration: 'a duration such as 90m, 6h, 30d or 1y, or a range such as 1d..7d',
  date: 'a date such as 2026-11-21, 2026-11 or 2026-11-21T09:30Z, or a range of them',
};

function finite(value: number): Literal | null {
  return Number.isFinite(value) ? { from: value, to: null } : null;
}

/** `%` says what the figure is, `m` is a thousandth as in Kubernetes quantities. */
function readNumber(text: string): Literal | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%|m)?$/.exec(text) ?? [];
  return digits === undefined ? null : finite(unit === 'm' ? Number(digits) / 1000 : Number(digits));
}

/** MiB. `16G`, `16GB` and `16Gi` are one size: memory is sold in powers of two, whatever its label says. */
function readSize(text: string): Literal | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([kmgtp]i?b?)?$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  const power = 'kmgtp'.indexOf(unit?.[0]?.toLowerCase() ?? 'm');
  return finite(Number(digits) * 1024 ** (power - 1));
}

function readDuration(text: string): Literal | null {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?[smhdwy])+$/i.test(text)) return null;
  let from = 0;
  let unit = 0;
  for (const [, digits, letter] of text.matchAll(/([\d.]+)([smhdwy])/gi)) {
    unit = UNITS.get(letter?.toLowerCase() ?? '') ?? 0;
    from += Number(digits) * unit;
  }
  return { from, to: from + unit };
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?Z?)?)?)?$/i;

/** UTC, to the year, month, day, minute or second. */
function readDate(text: string): Literal | null {
  const [, year, month, day, hour, minute, second] = DATE.exec(text) ?? [];
  if (year === undefined) return null;
  const [y, mo, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  const from = Date.UTC(y, mo, d, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
  const at = new Date(from);
  // 31 February is nobody's date; Date.UTC would make it March.
  if (at.getUTCFullYear() !== y || at.getUTCMonth() !== mo || at.getUTCDate() !== d || Number(hour ?? 0) > 23)
    return null;
  if (Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return null;
  if (month === undefined) return { from, to: Date.UTC(y + 1, 0) };
  if (day === undefined) return { from, to: Date.UTC(y, mo + 1) };
  if (hour === undefined) return { from, to: from + 1440 * MINUTE };
  return { from, to: from + (second === undefined ? MINUTE : 1000) };
}

function read(type: FieldType, text: string): Literal | null {
  if (type === 'number') return readNumber(text);
  if (type === 'size') return readSize(text);
  if (type === 'duration') return readDuration(text);
  return type === 'date' ? readDate(text) : null;
}

const between = (min: number, minOpen: boolean, max: number, maxOpen: boolean): Bounds => ({
  min,
  minOpen,
  max,
  maxOpen,
});

/**
 * The bounds of a value of an ordered field: MiB for sizes, milliseconds for durations, epoch milliseconds for dates. Null if a
 * text of it is no literal of the type.
 */
export function boundsOf(type: FieldType, op: Op, value: Value): Bounds | null {
  if (value.type === 'range') return rangeBounds(type, value.from, value.to);
  if (value.type !== 'literal') return null;
  const literal = read(type, value.text);
  if (literal === null) return null;
  const { from } = literal;
  if (op === ':') return between(from, false, literal.to ?? from, literal.to !== null);
  // A day is over when it is over, but an age of 30 days begins at a moment.
  const end = type === 'date' && literal.to !== null ? literal.to : null;
  if (op === '>') return between(end ?? from, end === null, Number.POSITIVE_INFINITY, false);
  if (op === '>=') return between(from, false, Number.POSITIVE_INFINITY, false);
  if (op === '<') return between(Number.NEGATIVE_INFINITY, false, from, true);
  return between(Number.NEGATIVE_INFINITY, false, end ?? from, end !== null);
}

function rangeBounds(type: FieldType, from: string | null, to: string | null): Bounds | null {
  const low = from === null ? null : boundsOf(type, '>=', { type: 'literal', text: from });
  const high = to === null ? null : boundsOf(type, '<=', { type: 'literal', text: to });
  if ((from !== null && low === null) || (to !== null && high === null) || (from === null && to === null)) return null;
  // From the larger to the smaller there is nothing: a slip, which must not look like an empty fleet.
  if (low && high && (high.maxOpen ? low.min >= high.max : low.min > high.max)) return null;
  return between(
    low?.min ?? Number.NEGATIVE_INFINITY,
    false,
    high?.max ?? Number.POSITIVE_INFINITY,
    high?.maxOpen ?? false,
  );
}
