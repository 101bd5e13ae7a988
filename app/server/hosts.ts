import { isIP } from 'node:net';

/** `host` without its port and brackets, lower case; null if it is no host at all. */
export function hostName(header: string | undefined): string | null {
  if (!header || /[\s/@\\?#]/.test(header)) return null;
  const url = URL.parse(`http://${header}`);
  if (!url) return null;
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/**
 * Whether a request may be answered under the name it was asked for. A page elsewhere can point its own name at this machine
 * (DNS rebinding), but cannot make a browser send ours: so only our own names pass, and addresses that the connection really
 * came in on.
 */
export function ownHost(
  header: string | undefined,
  own: ReadonlySet<string>,
  localAddress: string | undefined,
): boolean {
  const name = hostName(header);
  if (name === null) return false;
  if (own.has(name)) return true;
  return isIP(name) !== 0 && localAddress !== undefined && localAddress.replace(/^::ffff:/, '') === name;
}

/** The names a server answers to: loopback's, the one it is bound to, and those the operator adds. */
export function ownHosts(bound: string, extra: readonly string[]): Set<string> {
  return new Set(['localhost', '127.0.0.1', '::1', bound, ...extra].map((name) => name.toLowerCase()));
}
