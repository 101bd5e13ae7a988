import { describe, expect, it } from 'vitest';
import { below, digits, hex, mix, pick, suffix, unit, uuid, weighted } from './hash.ts';

describe('hashes of the fleet', () => {
  it('are the same each time and differ by each number and its place', () => {
    expect(mix(1, 2, 3)).toBe(mix(1, 2, 3));
    expect(new Set([mix(1, 2, 3), mix(3, 2, 1), mix(1, 2), mix(1, 2, 4), mix(2 ** 40, 1), mix(2 ** 41, 1)]).size).toBe(
      6,
    );
  });

  it('are spread evenly', () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[below(mix(7, i), 10)] = (counts[below(mix(7, i), 10)] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(1800);
    expect(Math.max(...counts)).toBeLessThan(2200);
  });

  it('make ids that do not collide in a million, each of its own form', () => {
    const ids = new Set<string>();
    for (let i = 0; i < 300_000; i++) ids.add(hex(16, [1, i & 1023, i >> 10]));
    expect(ids.size).toBe(300_000);
    expect(uuid([1, 2])).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(digits(19, [3])).toMatch(/^[1-9]\d{18}$/);
    expect(suffix(5, [4])).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('pick by weight', () => {
    const all = Array.from({ length: 5000 }, (_, i) =>
      weighted(mix(5, i), [
        [0.1, 'rare'],
        [0.9, 'often'],
      ]),
    );
    const rare = all.filter((value) => value === 'rare').length;
    expect(rare).toBeGreaterThan(400);
    expect(rare).toBeLessThan(600);
    expect(() => pick(1, [])).toThrow(RangeError);
    expect(unit(0xffffffff)).toBeLessThan(1);
  });
});
