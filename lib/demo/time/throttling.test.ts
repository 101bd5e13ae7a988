import { expect, it } from 'vitest';
import { throttledFor } from '../index.ts';

const QUARTER = Date.parse('2026-11-21T09:00:00Z');
const MINUTE = 60_000;

it('lets the throttled subscription answer in the last five minutes of each quarter of an hour', () => {
  expect(throttledFor(QUARTER)).toBe(10 * MINUTE);
  expect(throttledFor(QUARTER + 9.5 * MINUTE)).toBe(30_000);
  for (const minute of [10, 12, 14.99, 25, 40, 55]) expect(throttledFor(QUARTER + minute * MINUTE)).toBe(0);
  expect(throttledFor(QUARTER + 15 * MINUTE)).toBe(10 * MINUTE);
});
