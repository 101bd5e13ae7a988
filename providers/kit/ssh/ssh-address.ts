/** Where sshd listens and who signs in. `host` as in a URL: `[::1]`. */
export interface SshAddress {
  host: string;
  port: number;
  user: string;
}

/**
 * `ssh://user@host:port`; a port that is left out is 22.
 * @returns what is wrong with it where it is none; never quotes it
 */
export function parseSshAddress(text: string): SshAddress | string {
  const [, rest] = /^ssh:\/\/(.+)$/.exec(text) ?? [];
  // A scheme that URL knows, so that hosts are parsed by its rules.
  const url = rest === undefined ? null : URL.parse(`http://${rest}`);
  if (!url || (url.pathname !== '/' && url.pathname !== '') || url.search || url.hash)
    return 'expected ssh://user@host';
  if (url.password) return 'expected no password in the address';
  // As it is written: URL knows 80 for a default, which is none of ours.
  const port = /:(\d+)\/?$/.exec(rest ?? '')?.[1];
  if (port !== undefined && Number(port) === 0) return 'expected a port';
  const user = decoded(url.username);
  if (!user) return 'expected ssh://user@host';
  return { host: url.hostname, port: Number(port ?? 22), user };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
