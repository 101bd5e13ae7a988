import { z } from 'zod';

// Query strings are text: numbers and lists are parsed here.

/** A whole number in the given range. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const q = z.string().max(4096).default('').describe('Filter in the query language; empty = everything');
export const sort = z.string().max(64).default('').describe('Field, `-` in front for descending; empty = name');

/** Keys of fields, separated by commas. */
export const keys = z
  .string()
  .max(512)
  .transform((text) => text.split(',').filter((key) => key !== ''))
  .pipe(z.array(z.string().max(128)).min(1).max(16));

/** Rows to skip. */
export const offset = whole(0, 10_000_000);
export const revision = whole(0, Number.MAX_SAFE_INTEGER);

/** A question that takes no parameters. */
export const none = z.strictObject({});
