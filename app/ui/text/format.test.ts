import { expect, test } from 'vitest';
import { ago, clockTime, cores, memory, percent, quantity, shortCount, span } from './format.ts';

const at = (iso: string) => Date.parse(iso);

test('memory takes the unit in which it is short', () => {
  expect(memory(512)).toEqual({ value: '512', unit: 'Mi' });
  expect(memory(16_384)).toEqual({ value: '16', unit: 'Gi' });
  expect(memory(1_572_864)).toEqual({ value: '1.5', unit: 'Ti' });
});

test('cores of a container are told in thousandths, of a fleet in whole ones', () => {
  expect(quantity(0.25)).toBe('250m');
  expect(quantity(2)).toBe('2');
  expect(cores(0.5)).toBe('0.5');
  expect(cores(3412)).toBe('3,412');
});

test('large counts are short, small ones exact', () => {
  expect([shortCount(885), shortCount(61_900), shortCount(1_240_000)]).toEqual(['885', '61.9k', '1.24M']);
});

test('a part is never rounded up to a whole that is not there', () => {
  expect(percent(99_999, 100_000)).toBe('99.9 %');
  expect(percent(3, 3)).toBe('100 %');
});

test('fault 93: what lies ahead of our clock is just now, never a negative age', () => {
  expect(ago('2026-11-21T10:00:00.000Z', at('2026-11-21T09:00:00.000Z'))).toBe('just now');
  expect(span(-86_400_000)).toBe('0 s');
});

test('an age has one unit', () => {
  expect(ago('2026-11-21T03:58:00.000Z', at('2026-11-21T10:00:00.000Z'))).toBe('6 h ago');
  expect(ago('2026-01-01T00:00:00.000Z', at('2026-11-21T10:00:00.000Z'))).toBe('324 d ago');
});

test('a time of today needs no date', () => {
  const now = at('2026-11-21T10:00:00.000Z');
  expect(clockTime('2026-11-21T09:12:00.000Z', now)).toBe('09:12');
  expect(clockTime('2026-11-20T09:12:00.000Z', now)).toBe('11-20 09:12');
});
