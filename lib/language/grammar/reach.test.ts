import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exposedOf, reachOf } from './reach.ts';

/** The two registries of IANA as they were on 2025-10-09, each record with its column "Globally Reachable". */
const REGISTRIES: readonly (readonly [block: string, name: string, reachable: 'True' | 'False' | 'N/A' | ''])[] = [
  ['0.0.0.0/8', '"This network"', 'False'],
  ['0.0.0.0/32', '"This host on this network"', 'False'],
  ['10.0.0.0/8', 'Private-Use', 'False'],
  ['100.64.0.0/10', 'Shared Address Space', 'False'],
  ['127.0.0.0/8', 'Loopback', 'False'],
  ['169.254.0.0/16', 'Link Local', 'False'],
  ['172.16.0.0/12', 'Private-Use', 'False'],
  ['192.0.0.0/24', 'IETF Protocol Assignments', 'False'],
  ['192.0.0.0/29', 'IPv4 Service Continuity Prefix', 'False'],
  ['192.0.0.8/32', 'IPv4 dummy address', 'False'],
  ['192.0.0.9/32', 'Port Control Protocol Anycast', 'True'],
  ['192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', 'True'],
  ['192.0.0.170/32', 'NAT64/DNS64 Discovery', 'False'],
  ['192.0.0.171/32', 'NAT64/DNS64 Discovery', 'False'],
  ['192.0.2.0/24', 'Documentation (TEST-NET-1)', 'False'],
  ['192.31.196.0/24', 'AS112-v4', 'True'],
  ['192.52.193.0/24', 'AMT', 'True'],
  ['192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', ''],
  ['192.88.99.2/32', '6a44-relay anycast address', 'False'],
  ['192.168.0.0/16', 'Private-Use', 'False'],
  ['192.175.48.0/24', 'Direct Delegation AS112 Service', 'True'],
  ['198.18.0.0/15', 'Benchmarking', 'False'],
  ['198.51.100.0/24', 'Documentation (TEST-NET-2)', 'False'],
  ['203.0.113.0/24', 'Documentation (TEST-NET-3)', 'False'],
  ['240.0.0.0/4', 'Reserved', 'False'],
  ['255.255.255.255/32', 'Limited Broadcast', 'False'],
  ['::1/128', 'Loopback Address', 'False'],
  ['::/128', 'Unspecified Address', 'False'],
  ['::ffff:0:0/96', 'IPv4-mapped Address', 'False'],
  ['64:ff9b::/96', 'IPv4-IPv6 Translat.', 'True'],
  ['64:ff9b:1::/48', 'IPv4-IPv6 Translat.', 'False'],
  ['100::/64', 'Discard-Only Address Block', 'False'],
  ['100:0:0:1::/64', 'Dummy IPv6 Prefix', 'False'],
  ['2001::/23', 'IETF Protocol Assignments', 'False'],
  ['2001::/32', 'TEREDO', 'N/A'],
  ['2001:1::1/128', 'Port Control Protocol Anycast', 'True'],
  ['2001:1::2/128', 'Traversal Using Relays around NAT Anycast', 'True'],
  ['2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', 'True'],
  ['2001:2::/48', 'Benchmarking', 'False'],
  ['2001:3::/32', 'AMT', 'True'],
  ['2001:4:112::/48', 'AS112-v6', 'True'],
  ['2001:10::/28', 'Deprecated (previously ORCHID)', ''],
  ['2001:20::/28', 'ORCHIDv2', 'True'],
  ['2001:30::/28', 'Drone Remote ID Protocol Entity Tags (DETs) Prefix', 'True'],
  ['2001:db8::/32', 'Documentation', 'False'],
  ['2002::/16', '6to4', 'N/A'],
  ['2620:4f:8000::/48', 'Direct Delegation AS112 Service', 'True'],
  ['3fff::/20', 'Documentation', 'False'],
  ['5f00::/16', 'Segment Routing (SRv6) SIDs', 'False'],
  ['fc00::/7', 'Unique-Local', 'False'],
  ['fe80::/10', 'Link-Local Unicast', 'False'],
];

/** What is no special purpose: https://www.iana.org/assignments/ipv6-address-space and multicast, which is no address of a machine. */
const SPACE = [
  ['0.0.0.0/0', 'True'],
  ['224.0.0.0/4', 'False'],
  ['::/0', 'False'],
  ['2000::/3', 'True'],
  ['ff00::/8', 'False'],
] as const;

interface Block {
  width: 32 | 128;
  first: bigint;
  bits: number;
  reachable: boolean;
}

/** Numbers and texts of addresses once more, in whole numbers; texts are never shortened. */
const toNumber = (text: string): bigint => {
  if (!text.includes(':')) return text.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const [left = '', right = ''] = text.split('::').map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
};
const parts = (n: bigint, count: number, bits: bigint): bigint[] =>
  Array.from({ length: count }, (_, i) => (n >> (BigInt(count - 1 - i) * bits)) & ((1n << bits) - 1n));
const toText = (n: bigint, width: 32 | 128): string =>
  width === 32
    ? parts(n, 4, 8n).join('.')
    : parts(n, 8, 16n)
        .map((group) => group.toString(16))
        .join(':');

const blockOf = (text: string, reachable: boolean): Block => {
  const [address = '', bits] = text.split('/');
  return { width: address.includes(':') ? 128 : 32, first: toNumber(address), bits: Number(bits), reachable };
};
const ALL = [
  ...REGISTRIES.map(([block, , is]) => blockOf(block, is === 'True')),
  ...SPACE.map(([b, is]) => blockOf(b, is === 'True')),
];
const sizeOf = ({ width, bits }: Block): bigint => 1n << BigInt(width - bits);

/** What the registries say: the narrowest block that holds the address. */
function registered(n: bigint, width: 32 | 128): boolean {
  const holding = ALL.filter((block) => block.width === width && n >= block.first && n < block.first + sizeOf(block));
  return holding.sort((a, b) => b.bits - a.bits)[0]?.reachable === true;
}

describe('reachOf', () => {
  it.each(REGISTRIES)(
    'fault 113: agrees with IANA on the ends of %s (%s) and on what lies beside them',
    (text, _, is) => {
      const block = blockOf(text, is === 'True');
      const last = block.first + sizeOf(block) - 1n;
      const top = 1n << BigInt(block.width);
      for (const n of [block.first - 1n, block.first, block.first + 1n, last - 1n, last, last + 1n].filter(
        (one) => one >= 0n && one < top,
      )) {
        const address = toText(n, block.width);
        expect(reachOf(address), address).toMatchObject({ global: registered(n, block.width) });
      }
    },
  );

  it('fault 113: agrees with IANA on any address, most of all in and about the special blocks', () => {
    const near = fc
      .tuple(fc.constantFrom(...ALL), fc.bigInt({ min: -3n, max: (1n << 128n) - 1n }))
      .map(([block, by]) => ({ width: block.width, n: block.first + (by < 0n ? by : by % (sizeOf(block) + 3n)) }))
      .filter(({ n, width }) => n >= 0n && n < 1n << BigInt(width));
    fc.assert(
      fc.property(near, ({ n, width }) => {
        expect(reachOf(toText(n, width))?.global).toBe(registered(n, width));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['8.8.8.8', true, 'global'],
    ['10.0.0.1', false, 'private'],
    ['100.64.0.1', false, 'shared'],
    ['203.0.113.9', false, 'documentation'],
    ['2600:1F18::5', true, 'global'],
    ['FD00::1', false, 'unique local'],
    ['fe80::1%eth0', false, 'link-local'],
    ['::ffff:8.8.8.8', false, 'IPv4-mapped'],
    ['4000::1', false, 'reserved'],
    ['fec0::1', false, 'reserved'],
  ])('tells %s in a word', (address, global, block) => {
    expect(reachOf(address)).toEqual({ global, block });
  });

  it.each(['', 'web-1', '10.0.0', '10.0.0.0/8', '10.0.0.1/32', '::1::'])('knows nothing of %j', (text) => {
    expect(reachOf(text)).toBeNull();
  });
});

describe('exposedOf', () => {
  it.each([
    ['a fixed address on a network of the provider', ['185.1.2.3'], [], true],
    ['an IPv6 address on its interface', ['10.0.0.1', '2a01:4f8::1'], [], true],
    ['a floating address of the world', ['10.0.0.1'], ['185.1.2.3'], true],
    ['a floating address of RFC 1918', ['10.0.0.1'], ['192.168.7.7'], false],
    ['no address', [], [], false],
    ['one of the world, others not known', null, ['185.1.2.3'], true],
    ['a private one, mapped ones not known', ['10.0.0.1'], null, null],
    ['none known', null, null, null],
  ])('fault 113: %s', (_, addresses, mappedAddresses, exposed) => {
    expect(exposedOf({ addresses, mappedAddresses })).toBe(exposed);
  });
});
