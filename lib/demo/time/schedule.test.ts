import { describe, expect, it } from 'vitest';
import { makeSchedule, timeOf, turnOf, turnsBetween } from './schedule.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

describe('the order of turns', () => {
  it.each([1, 2, 7, 60, 997, 1000])('gives each of %i items one turn a round', (size) => {
    const schedule = makeSchedule(size, 1000, 12345);
    const round = turnsBetween(schedule, NOW, NOW + size * 1000);
    expect(new Set(round).size).toBe(size);
    expect(Math.max(...round)).toBe(size - 1);
  });

  it('agrees with itself: an item’s last turn is the last time it is among the turns', () => {
    const schedule = makeSchedule(60, 1700, 99);
    for (let item = 0; item < 60; item++) {
      const turn = turnOf(schedule, item, NOW);
      expect(turn.at).toBeLessThanOrEqual(NOW);
      expect(turnsBetween(schedule, turn.at - 1, turn.at)).toEqual([item]);
      expect(turnsBetween(schedule, turn.at, NOW)).not.toContain(item);
      expect(timeOf(schedule, item, turn.epoch + 1)).toBeGreaterThan(NOW);
    }
  });

  it('names each item once however long the time', () => {
    expect(turnsBetween(makeSchedule(10, 1000, 1), NOW, NOW + 1e9).length).toBe(10);
    expect(turnsBetween(makeSchedule(10, 1000, 1), NOW, NOW)).toEqual([]);
  });
});
