import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrange } from './arrange.ts';
import { radixSort } from './radix.ts';
import { merge } from './sorted-keys.ts';

const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x80000000, 0xfffffffe, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);

const unsigned = (a: number, b: number) => a - b;

it('sorts as a stable comparison does', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 200 }), (keys) => {
      const ids = Uint32Array.from(keys, (_, i) => i);
      const [low, high] = [Uint32Array.from(keys, ([l]) => l), Uint32Array.from(keys, ([, h]) => h)];
      const compare = (a: number, b: number) =>
        unsigned(high[a] ?? 0, high[b] ?? 0) || unsigned(low[a] ?? 0, low[b] ?? 0);
      expect([...radixSort(ids, [low, high])]).toEqual([...ids].sort(compare));
    }),
  ));

it('arranges a window of an order as it does all of it', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, fc.boolean()), { maxLength: 200 }),
      fc.nat(210),
      fc.nat(60),
      fc.boolean(),
      (rows, from, length, backwards) => {
        const high = Uint32Array.from(rows, ([key]) => key);
        const excluded = Uint8Array.from(rows, ([, isOut]) => (isOut ? 255 : 0));
        const byName = Uint32Array.from(rows.keys());
        if (backwards) byName.reverse();
        const selection = { excluded, total: excluded.filter((fails) => fails === 0).length };
        const keys = { highs: () => high, words: (slots: Uint32Array) => [slots.map((slot) => high[slot] ?? 0)] };
        const places = new Uint32Array(rows.length);
        for (const [place, slot] of byName.entries()) places[slot] = place;
        const names = { order: () => byName, places: () => places };
        const order = { sort: { field: 'x', descending: false }, keys };
        const expected = [...byName]
          .filter((slot) => excluded[slot] === 0)
          .sort((a, b) => unsigned(high[a] ?? 0, high[b] ?? 0));
        const part = arrange(order, selection, names, { from, to: from + length });
        expect([...part.slots]).toEqual(expected.slice(part.from, part.from + part.slots.length));
        const wanted = expected.slice(from, from + length);
        if (wanted.length > 0) expect([...part.slots].slice(from - part.from).slice(0, length)).toEqual(wanted);
      },
    ),
    { numRuns: 1000 },
  ));

it('merges two sorted arrays', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.array(fc.nat(1000)), (a, b) => {
      const compare = (x: number, y: number) => x - y;
      const merged = merge(Uint32Array.from(a).sort(), Uint32Array.from(b).sort(), compare);
      expect([...merged]).toEqual([...a, ...b].sort(compare));
    }),
  ));
