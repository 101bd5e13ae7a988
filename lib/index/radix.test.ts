import fc from 'fast-check';
import { expect, it } from 'vitest';
import { radixSort } from './radix.ts';
import { merge } from './sorted-keys.ts';

const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x80000000, 0xfffffffe, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);

it('sorts as a stable comparison does, the first few as well as all', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 200 }), fc.nat(210), (keys, needed) => {
      const ids = Uint32Array.from(keys, (_, i) => i + 7);
      const low = Uint32Array.from(keys, ([l]) => l);
      const high = Uint32Array.from(keys, ([, h]) => h);
      const expected = [...ids].sort((a, b) => {
        const [i, j] = [a - 7, b - 7];
        return (high[i] ?? 0) - (high[j] ?? 0) || (low[i] ?? 0) - (low[j] ?? 0);
      });
      const sorted = [...radixSort(ids, [low, high], needed)];
      expect(sorted.length).toBeGreaterThanOrEqual(Math.min(needed, keys.length));
      expect(sorted).toEqual(expected.slice(0, sorted.length));
    }),
    { numRuns: 500 },
  ));

it('merges two sorted arrays', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.array(fc.nat(1000)), (a, b) => {
      const compare = (x: number, y: number) => x - y;
      const merged = merge(Uint32Array.from(a).sort(), Uint32Array.from(b).sort(), compare);
      expect([...merged]).toEqual([...a, ...b].sort(compare));
    }),
  ));
