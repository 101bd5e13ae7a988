import { z } from 'zod';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SHAPE = /^(\d{1,6})(s|m|h|d)$/;

function milliseconds(text: string): number | null {
  const [, amount, unit] = SHAPE.exec(text) ?? [];
  return amount && unit ? Number(amount) * UNITS[unit as keyof typeof UNITS] : null;
}

/** A length of time as people write it (`30s`, `5m`, `1h`, `30d`), read as milliseconds. */
export function duration(min: string, max: string) {
  const low = milliseconds(min) ?? 0;
  const high = milliseconds(max) ?? Number.POSITIVE_INFINITY;
  const expected = `a time from ${min} to ${max}, such as 30s, 5m or 1h`;
  return z
    .string(expected)
    .refine((text) => {
      const ms = milliseconds(text);
      return ms !== null && ms >= low && ms <= high;
    }, expected)
    .transform((text) => milliseconds(text) ?? low);
}
