import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalKey } from './natural.ts';
import { compareText } from './sorted-keys.ts';

const inOrder = (...names: string[]) => names.toSorted((a, b) => compareText(naturalKey(a), naturalKey(b)));

describe('naturalKey', () => {
  it('orders runs of digits as numbers', () => {
    const names = ['web-1', 'web-2', 'web-10', 'web-10a', 'web-a', 'web-b1-2', 'web-b1-10', 'web-b02-1'];
    expect(inOrder(...names.toReversed())).toEqual(names);
  });

  it('orders numbers of any length by their value', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 60n }), fc.bigInt({ min: 0n, max: 10n ** 60n }), (a, b) => {
        const order = compareText(naturalKey(`n${a}x`), naturalKey(`n${b}x`));
        expect(order).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    ));

  it('gives leading zeros no weight', () => expect(naturalKey('web-007')).toBe(naturalKey('web-7')));

  it('fault 77: does not grow with the text', () => expect(naturalKey('1'.repeat(65_536)).length).toBeLessThan(300));
});
