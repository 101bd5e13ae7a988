import { describe, expect, it } from 'vitest';
import { includes, matches } from '#lib/language/grammar/pattern.ts';
import { Deadline } from '../deadline.ts';
import { TextColumn } from './text-column.ts';

const patient = new Deadline(() => 0);

/** Some thousand rows over several pages, of texts that nearly contain one another. */
const ROWS = Array.from({ length: 4000 }, (_, n) => [
  `service-${n % 7}-${'x'.repeat(n % 50)}node-${n}`,
  n % 3 === 0 ? `i-${(n * 7919).toString(16)}` : '',
  `10.${n % 256}.${n % 7}.${n % 13}`,
  n % 100 === 0 ? 'y'.repeat(20_000) : 'é😀',
]);

function column(): TextColumn {
  const texts = new TextColumn();
  for (const row of ROWS) texts.push(row);
  return texts;
}

const slotsOf = (matched: Uint8Array): number[] =>
  [...matched.entries()].flatMap(([slot, isMatch]) => (isMatch === 1 ? [slot] : []));
const expected = (test: (row: readonly string[]) => boolean): number[] =>
  [...ROWS.entries()].flatMap(([slot, row]) => (test(row) ? [slot] : []));
const none = new Uint8Array(ROWS.length);

describe('search', () => {
  it.each([
    ['e'],
    ['node-39'],
    ['service-3-xxxx'],
    ['10.25'],
    ['.6.1'],
    ['i-'],
    ['😀'],
    ['yyyy'],
    ['zzz'],
    ['x', '99'],
    ['i-', 'f'],
  ])('finds %j %j', (...parts) => {
    const matched = new Uint8Array(ROWS.length);
    column().search(parts, none, matched, patient);
    expect(slotsOf(matched)).toEqual(expected((row) => row.some((text) => includes(parts, text))));
  });

  it('finds the same where only a few rows are left to look at', () => {
    const excluded = Uint8Array.from(ROWS, (_, n) => (n % 10 === 0 ? 0 : 255));
    const matched = new Uint8Array(ROWS.length);
    column().search(['node-1'], excluded, matched, patient);
    expect(slotsOf(matched)).toEqual(
      expected((row) => row[0]?.includes('node-1') === true).filter((n) => n % 10 === 0),
    );
  });

  it('finds the same after rows are left out', () => {
    const keep = Uint32Array.from(ROWS.keys()).filter((n) => n % 2 === 1);
    const matched = new Uint8Array(keep.length);
    column().compact(keep).search(['node-3'], new Uint8Array(keep.length), matched, patient);
    const found = slotsOf(matched).map((slot) => keep[slot]);
    expect(found).toEqual(expected((row) => row[0]?.includes('node-3') === true).filter((n) => n % 2 === 1));
  });
});

describe('match', () => {
  it.each([
    [0, ['service-3-', '9']],
    [0, ['', 'node-1', '']],
    [0, ['', 'x', '-', '7']],
    [1, ['i-0']],
    [1, ['']],
    [2, ['10.', '.6.', '']],
    [3, ['é😀']],
  ] as [number, string[]][])('matches text %i with %j', (at, parts) => {
    const matched = new Uint8Array(ROWS.length);
    column().match(parts, () => [at, at + 1], none, matched, patient);
    expect(slotsOf(matched)).toEqual(expected((row) => matches(parts, row[at] ?? '')));
  });
});

describe('fault 80: wildcards against text made to be tried again and again', () => {
  const texts = new TextColumn();
  for (let n = 0; n < 200; n++) texts.push(['a'.repeat(60_000)]);
  const search = (parts: string[], deadline: Deadline) => {
    const matched = new Uint8Array(200);
    texts.match(parts, () => [0, 1], new Uint8Array(200), matched, deadline);
    return slotsOf(matched);
  };
  const long = 'a'.repeat(1300);

  it('take steps in proportion to the text', () => {
    // Byte by byte each of these would compare ten thousand million times.
    expect(search(['', long, `b${long}`, ''], patient)).toEqual([]);
    expect(search(['', long, `${long}b`, ''], patient)).toEqual([]);
    expect(search(['', ...Array.from({ length: 100 }, () => 'a'.repeat(12)), 'ab'], patient)).toEqual([]);
  });

  it('look at the deadline every few rows, because rows may be long', () => {
    let asked = 0;
    expect(() => search(['', long, 'b', ''], new Deadline(() => asked++ * 100, 2000))).toThrow(/2 seconds/);
  });
});
