import { describe, expect, it } from 'vitest';
import { makeRota, timeOf, turnOf, turnsBetween } from './rota.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

describe('the order of turns', () => {
  it.each([1, 2, 7, 60, 997, 1000])('gives each of %i items one turn a round', (size) => {
    const rota = makeRota(size, 1000, 12345);
    const round = turnsBetween(rota, NOW, NOW + size * 1000);
    expect(new Set(round).size).toBe(size);
    expect(Math.max(...round)).toBe(size - 1);
  });

  it('agrees with itself: an item’s last turn is the last time it is among the turns', () => {
    const rota = makeRota(60, 1700, 99);
    for (let item = 0; item < 60; item++) {
      const turn = turnOf(rota, item, NOW);
      expect(turn.at).toBeLessThanOrEqual(NOW);
      expect(turnsBetween(rota, turn.at - 1, turn.at)).toEqual([item]);
      expect(turnsBetween(rota, turn.at, NOW)).not.toContain(item);
      expect(timeOf(rota, item, turn.epoch + 1)).toBeGreaterThan(NOW);
    }
  });

  it('names each item once however long the time', () => {
    expect(turnsBetween(makeRota(10, 1000, 1), NOW, NOW + 1e9).length).toBe(10);
    expect(turnsBetween(makeRota(10, 1000, 1), NOW, NOW)).toEqual([]);
  });
});
