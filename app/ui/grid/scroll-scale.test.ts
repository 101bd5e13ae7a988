import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_HEIGHT, ScrollScale } from './scroll-scale.ts';

const scale = (total: number, viewport: number): ScrollScale => {
  const made = new ScrollScale();
  made.resize(total, viewport);
  return made;
};

test('a list of ordinary size scrolls one to one', () => {
  const list = scale(68_000, 800);
  expect(list.ratio).toBe(1);
  expect(list.height).toBe(68_000);
  expect(list.toReal(1234)).toBe(1234);
});

test('a million rows fit into what a browser can lay out, and both ends are reached', () => {
  const list = scale(34_000_032, 800);
  expect(list.height).toBe(MAX_HEIGHT);
  expect(list.toReal(0)).toBe(0);
  expect(list.toReal(MAX_HEIGHT - 800)).toBeCloseTo(34_000_032 - 800, 3);
});

test('a position that the list set itself comes back exact though browsers round it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 13_000_000, max: 60_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (total, at) => {
        const list = scale(total, 800);
        const real = Math.round(at * (total - 800));
        expect(list.toReal(Math.round(list.toDom(real) * 2) / 2)).toBe(real);
      },
    ),
  );
});

test('a position outside of the list is brought back to its ends', () => {
  const list = scale(34_000_000, 800);
  expect(list.toReal(list.toDom(99_000_000))).toBe(34_000_000 - 800);
  expect(list.toDom(-50)).toBe(0);
});
