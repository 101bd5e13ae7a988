import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Backoff, backoff, jitter } from './backoff.ts';

const pauses = (options: Backoff, random: () => number, attempts = 5) =>
  Array.from({ length: attempts }, (_, attempt) => backoff(attempt, options, random));

test('doubles up to the longest', () => {
  expect(pauses({ firstMs: 100, longestMs: 500, jitter: 'none' }, () => 0.5)).toEqual([100, 200, 400, 500, 500]);
});

test('grows by another factor, and not at all by one', () => {
  expect(pauses({ firstMs: 1, factor: 3, jitter: 'none' }, () => 0.5)).toEqual([1, 3, 9, 27, 81]);
  expect(pauses({ firstMs: 7, factor: 1, jitter: 'none' }, () => 0.5, 2)).toEqual([7, 7]);
});

test.each([
  [undefined, 900, 1100],
  [0.5, 500, 1500],
  ['full', 0, 1000],
  ['equal', 500, 1000],
  ['none', 1000, 1000],
] as const)('chance %s makes of a second %i to %i ms', (chance, least, most) => {
  const options = { firstMs: 1000, ...(chance === undefined ? {} : { jitter: chance }) };
  expect(backoff(0, options, () => 0)).toBe(least);
  expect(backoff(0, options, () => 1 - 2 ** -53)).toBeCloseTo(most, 6);
});

test('is a finite time within its limits, however often it failed', () => {
  const options = fc.record({
    firstMs: fc.integer({ min: 1, max: 60_000 }),
    longestMs: fc.integer({ min: 1, max: 3_600_000 }),
    jitter: fc.constantFrom('full' as const, 'equal' as const, 'none' as const, 0.1),
  });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), options, random, (attempt, limits, chance) => {
      const pause = backoff(attempt, limits, () => chance);
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThanOrEqual(1.1 * limits.longestMs);
    }),
  );
});

test('jitter gives or takes a tenth', () => {
  expect(jitter(1000, () => 0)).toBe(900);
  expect(jitter(1000, () => 0.5)).toBe(1000);
});
