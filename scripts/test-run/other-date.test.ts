import { expect, test } from 'vitest';
import { atOtherDate, OTHER_DATE, OTHER_ZONE } from './other-date.ts';

test('the other date is the last half hour of a leap day where it is told', () => {
  const there = new Date(OTHER_DATE).toLocaleString('sv-SE', { timeZone: OTHER_ZONE });
  expect(there).toBe('2028-02-29 23:30:00');
});

test('every process of a run is told the same distance from the real time, and the zone', () => {
  const { FAKETIME, TZ } = atOtherDate('/lib/faketime.so', OTHER_DATE - 86_400_000);
  expect([FAKETIME, TZ]).toEqual(['+86400s', 'Pacific/Auckland']);
});
