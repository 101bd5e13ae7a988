import { isLoopback } from '#providers/kit/wire/endpoint.ts';

/** Where a server listens. `url` has no path. */
export type Address = { type: 'unix'; path: string } | { type: 'http' | 'https'; url: URL };

/** The port that `core.https_address` has unless another is written. */
const PORT = '8443';

/**
 * `host` of a source: a socket, https with a client certificate, or plain http on loopback (a proxy or a tunnel).
 * @returns what is wrong with it where it is none
 */
export function parseAddress(text: string): Address | string {
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    return path.startsWith('/') && !path.includes('\0')
      ? { type: 'unix', path }
      : 'expected unix:/// and an absolute path';
  }
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash)
    return 'expected unix:///path or https://host:8443';
  if (url.username || url.password) return 'expected no user and no password in the address';
  if (url.protocol === 'http:')
    return isLoopback(url) ? { type: 'http', url } : 'expected https://, as plain http:// is for loopback only';
  // As it is written: URL knows 443 for a default, which is none of ours.
  if (url.port === '' && !/:443\/?$/.test(text)) url.port = PORT;
  return { type: 'https', url };
}
