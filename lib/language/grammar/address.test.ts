import { describe, expect, it } from 'vitest';
import { contains, readNetwork } from './address.ts';
import { includes, matches } from './pattern.ts';

const within = (network: string, address: string): boolean | null => {
  const [a, b] = [readNetwork(network), readNetwork(address)];
  return a && b && contains(a, b.words);
};

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.1.2', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['0.0.0.0/0', '192.168.1.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:DB8:0:0:0:0:0:1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['fe80::1%eth0', 'fe80::1', true],
    ['300.1.1.1', '10.0.0.1', null],
    ['1.2.3.4/33', '1.2.3.4', null],
    ['1::2::3', '::1', null],
    ['1:2:3:4:5:6:7', '::1', null],
  ])('%s contains %s: %s', (network, address, expected) => expect(within(network, address)).toBe(expected));
});

describe('patterns', () => {
  it.each([
    [['checkout-', ''], 'checkout-1', true],
    [['', 'api'], 'checkout-api', true],
    [['a', 'a'], 'a', false],
    [['a', 'b', 'c'], 'a-b-b-c', true],
    [['a', 'b', 'bc'], 'a-bc', false],
    [['abc'], 'abcd', false],
  ])('%j on %s: %s', (parts, text, expected) => expect(matches(parts, text)).toBe(expected));

  it('finds parts of a word one behind the other', () => {
    expect(includes(['web', 'prod'], 'my-web-1-prod-x')).toBe(true);
    expect(includes(['prod', 'web'], 'my-web-1-prod-x')).toBe(false);
  });
});
