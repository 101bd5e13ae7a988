import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMebibytes, parseQuantity } from './quantity.ts';

const DECIMAL: [string, number][] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** The exact value of `digits * 10^power`, as the nearest double. */
function exact(digits: bigint, power: number): number {
  const text = digits.toString();
  if (power >= 0) return Number(text + '0'.repeat(power));
  const padded = text.padStart(1 - power, '0');
  return Number(`${padded.slice(0, power)}.${padded.slice(power)}`);
}

describe('parseQuantity', () => {
  it.each([
    ['100m', 0.1],
    ['3920m', 3.92],
    ['4', 4],
    ['0', 0],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12E-1', 1.2],
    ['1E', 1e18],
    ['1Ei', 2 ** 60],
    ['16Gi', 16 * 2 ** 30],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['128974848', 128974848],
    ['129M', 129e6],
    ['+1k', 1000],
    ['123456789n', 0.123456789],
  ])('reads %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    'm',
    '1 Gi',
    '1gi',
    '1K',
    '1KI',
    '-1',
    '1e',
    '1e999',
    '0x10',
    '1_000',
    '∞',
    'NaN',
    '1mm',
    '1Kie3',
    null,
    {},
    Number.NaN,
    -1,
  ])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  it('reads every decimal suffix and exponent as exactly the power of ten it stands for', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.constantFrom(...DECIMAL), (digits, [suffix, power]) => {
        expect(parseQuantity(`${digits}${suffix}`)).toBe(exact(digits, power));
        expect(parseQuantity(`${digits}e${power}`)).toBe(exact(digits, power));
      }),
    );
  });

  it('reads every binary suffix as the power of two it stands for, in bytes and in MiB', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.nat(BINARY.length - 1), (digits, index) => {
        const text = `${digits}${BINARY[index]}`;
        expect(parseQuantity(text)).toBe(digits * 1024 ** (index + 1));
        expect(parseMebibytes(text)).toBe(digits * 1024 ** (index - 1));
      }),
    );
  });

  it('never throws and never answers a negative or endless amount', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const amount = parseQuantity(value);
        expect(amount === null || (Number.isFinite(amount) && amount >= 0)).toBe(true);
      }),
    );
  });
});
