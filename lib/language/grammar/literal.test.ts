import { describe, expect, it } from 'vitest';
import type { Op } from './ast.ts';
import { boundsOf } from './literal.ts';

const holds = (type: 'number' | 'size' | 'duration' | 'date', op: Op, text: string, value: number): boolean => {
  const bounds = boundsOf(type, op, { type: 'literal', text });
  if (bounds === null) throw new Error(`${text} is no ${type}`);
  const { min, minOpen, max, maxOpen } = bounds;
  return (minOpen ? value > min : value >= min) && (maxOpen ? value < max : value <= max);
};
const at = (text: string) => Date.parse(text);
const DAY = 86_400_000;

describe('literals', () => {
  it.each([
    ['512', 512],
    ['512Mi', 512],
    ['16Gi', 16384],
    ['16G', 16384],
    ['16gb', 16384],
    ['0.5Gi', 512],
    ['1024Ki', 1],
    ['1Ti', 1048576],
  ])('size %s is %d MiB', (text, mib) => expect(holds('size', ':', text, mib)).toBe(true));

  it('reads thousandths and per cent', () => {
    expect(holds('number', ':', '500m', 0.5)).toBe(true);
    expect(holds('number', '<', '20%', 19.9)).toBe(true);
    expect(holds('number', '<', '20', 20)).toBe(false);
  });

  it('takes an age as a moment, and with a colon as its unit', () => {
    expect(holds('duration', '>', '30d', 30 * DAY + 1)).toBe(true);
    expect(holds('duration', '>', '30d', 30 * DAY)).toBe(false);
    expect(holds('duration', ':', '30d', 30.5 * DAY)).toBe(true);
    expect(holds('duration', ':', '1d12h', 36.5 * 3_600_000)).toBe(true);
  });

  it('takes a date as the whole day, month or year', () => {
    expect(holds('date', ':', '2026-11-21', at('2026-11-21T23:59:59.999Z'))).toBe(true);
    expect(holds('date', ':', '2026-11', at('2026-11-30T12:00:00Z'))).toBe(true);
    expect(holds('date', '>', '2026-11-21', at('2026-11-21T12:00:00Z'))).toBe(false);
    expect(holds('date', '>', '2026-11-21', at('2026-11-22T00:00:00Z'))).toBe(true);
    expect(holds('date', '<=', '2026-11-21', at('2026-11-21T23:00:00Z'))).toBe(true);
    expect(holds('date', '<=', '2026', at('2027-01-01T00:00:00Z'))).toBe(false);
  });

  it('ends a range of dates with the last day', () => {
    const bounds = boundsOf('date', ':', { type: 'range', from: '2026-11-01', to: '2026-11-15' });
    expect(bounds).toEqual({ min: at('2026-11-01'), minOpen: false, max: at('2026-11-16'), maxOpen: true });
  });
});
