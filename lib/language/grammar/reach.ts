import type { Resource } from '#lib/model/index.ts';
import { contains, isV4, type Network, readNetwork } from './address.ts';

/** Where an address can be reached from. */
export interface Reach {
  /** Globally routable: what the world can send to, as far as the address alone goes. Firewalls are not looked at. */
  global: boolean;
  /** In a word: `global`, or why it is not: `private`, `link-local`, `documentation`. */
  block: string;
}

const GLOBAL = 'global';

/**
 * The special-purpose registries of IANA as of 2025-10, column "Globally Reachable"; what it leaves open ("N/A", terminated) counts as
 * not. Behind them what is no unicast address, and IPv6 outside of the one block that is given out (2000::/3).
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const BLOCKS: readonly (readonly [block: string, word: string])[] = [
  ['0.0.0.0/0', GLOBAL],
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol'],
  ['192.0.0.9/32', GLOBAL],
  ['192.0.0.10/32', GLOBAL],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', '6to4'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/0', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['64:ff9b::/96', GLOBAL],
  ['64:ff9b:1::/48', 'translation'],
  ['100::/64', 'discard-only'],
  ['2000::/3', GLOBAL],
  ['2001::/23', 'protocol'],
  ['2001::/32', 'teredo'],
  ['2001:1::1/128', GLOBAL],
  ['2001:1::2/128', GLOBAL],
  ['2001:1::3/128', GLOBAL],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', GLOBAL],
  ['2001:4:112::/48', GLOBAL],
  ['2001:20::/28', GLOBAL],
  ['2001:30::/28', GLOBAL],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];

interface Block {
  network: Network;
  reach: Reach;
}

// The narrowest block that an address lies in decides.
const NARROWEST_FIRST: readonly Block[] = BLOCKS.flatMap(([text, block]) => {
  const network = readNetwork(text);
  return network ? [{ network, reach: { global: block === GLOBAL, block } }] : [];
}).sort((a, b) => b.network.bits - a.network.bits);
const V4 = NARROWEST_FIRST.filter(({ network }) => isV4(network.words));
const V6 = NARROWEST_FIRST.filter(({ network }) => !isV4(network.words));
const MAPPED: Reach = { global: false, block: 'IPv4-mapped' };

/** How far an address reaches; null for a text that is none. */
export function reachOf(address: string): Reach | null {
  const read = readNetwork(address);
  if (read === null || read.bits !== 128 || address.includes('/')) return null;
  const v4 = isV4(read.words);
  // `::ffff:10.0.0.1` is how a program writes an IPv4 address to itself; on the wire there is no such address.
  if (v4 && address.includes(':')) return MAPPED;
  return (v4 ? V4 : V6).find(({ network }) => contains(network, read.words))?.reach ?? null;
}

type Attached = Pick<Resource, 'addresses' | 'mappedAddresses'>;

/** All that are known of a row, on its interfaces and mapped to it. */
export const addressesOf = ({ addresses, mappedAddresses }: Attached): string[] => [
  ...(addresses ?? []),
  ...(mappedAddresses ?? []),
];

/** Whether the world can send to it: true by one address, false only where all are known. */
export function exposedOf(row: Attached): boolean | null {
  if (addressesOf(row).some((address) => reachOf(address)?.global === true)) return true;
  return row.addresses === null || row.mappedAddresses === null ? null : false;
}
