import { parseSshAddress, type SshAddress } from '#providers/kit/ssh/ssh-address.ts';

/** Where an engine listens. `host` of a tcp address as in a URL: `[::1]`. */
export type Address =
  | { type: 'unix'; path: string }
  | { type: 'tcp'; host: string; port: number }
  | ({ type: 'ssh' } & SshAddress);

/**
 * `host` of a source, in the words of DOCKER_HOST. Ports that are left out are 2375 (tcp) and 22 (ssh); 2376 is for TLS by custom only,
 * so it is written.
 * @returns what is wrong with it where it is none
 */
export function parseAddress(text: string): Address | string {
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    return path.startsWith('/') && !path.includes('\0')
      ? { type: 'unix', path }
      : 'expected unix:/// and an absolute path';
  }
  if (text.startsWith('ssh://')) {
    const address = parseSshAddress(text);
    return typeof address === 'string' ? address : { type: 'ssh', ...address };
  }
  // A scheme that URL knows, so that hosts are parsed by its rules.
  const [, rest] = /^tcp:\/\/(.+)$/.exec(text) ?? [];
  const url = rest === undefined ? null : URL.parse(`http://${rest}`);
  if (!url || (url.pathname !== '/' && url.pathname !== '') || url.search || url.hash)
    return 'expected unix:///path, tcp://host:port or ssh://user@host';
  if (url.password) return 'expected no password in the address';
  // As it is written: URL knows 80 for a default, which is none of ours.
  const port = /:(\d+)\/?$/.exec(rest ?? '')?.[1];
  if (port !== undefined && Number(port) === 0) return 'expected a port';
  if (url.username) return 'expected no user in a tcp:// address';
  return { type: 'tcp', host: url.hostname, port: Number(port ?? 2375) };
}
