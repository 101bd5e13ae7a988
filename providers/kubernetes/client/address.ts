import { type LookupAddress, type LookupAllOptions, lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/*
 * A kubeconfig names the server that receives the credential. Metadata services answer on link-local and a few fixed addresses;
 * no API server does.
 */
const refused = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  // Alibaba Cloud's and Oracle's metadata, Azure's host agent.
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  refused.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  // EC2's metadata, DNS and time over IPv6.
  ['fd00:ec2::', 32],
  // Translation prefixes carry an IPv4 address that nothing here would look at: NAT64, its local form, 6to4, Teredo.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
  // IPv4-compatible addresses, obsolete since RFC 4291; ::1 is asked for before this list.
  ['::', 96],
] as const)
  refused.addSubnet(net, prefix, 'ipv6');

/** True for an address that no API server has; IPv4 inside IPv6 counts as what it stands for. */
export function isRefused(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  if (address === '::1') return false;
  return refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** A server's name led to an address that is never an API server. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
  readonly code = 'ERR_REFUSED_ADDRESS';
  constructor(host: string) {
    super(`${host} leads to a link-local, metadata, unspecified or multicast address`);
  }
}

/** Why a server address of a kubeconfig cannot be used, or null. Addresses behind names are looked at when they are resolved. */
export function serverProblem(server: string, insecure: boolean): string | null {
  const url = URL.parse(server);
  if (!url) return 'expected an address such as https://host:6443';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `expected https://, not ${url.protocol.slice(0, 12)}`;
  if (url.username || url.password) return 'expected no user or password in the address';
  if (url.search || url.hash) return 'expected no query in the address';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && isRefused(host)) return new RefusedAddress(host).message;
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|::1)$/.test(host))
    return insecure
      ? 'plain http is for loopback only, even for an insecure context'
      : 'expected https:// (http:// on loopback only)';
  return null;
}

/** As much of node:dns as is needed here. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Name resolution for a connection: refuses a name if any of its addresses is refused. The socket connects to an address of this very
 * answer, so a second answer of a rebinding name server is never asked for.
 */
export const guardedLookup =
  (lookup: Resolve = resolve): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error || !first) return callback(error ?? new RefusedAddress(hostname), '');
      if (addresses.some(({ address }) => isRefused(address))) return callback(new RefusedAddress(hostname), '');
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
