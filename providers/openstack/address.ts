import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { ProviderError } from '../contract.ts';

const trimmed = (url: string): string => url.replace(/\/+$/, '');

/** Keystone's v3 root: `OS_AUTH_URL` is written with and without `/v3`. */
export const identityRoot = (authUrl: string): string => `${trimmed(authUrl).replace(/\/v3$/, '')}/v3`;

/** Names a cloud in uids and identities: the host that signs its users in. Without its port, which moves behind a proxy one day. */
export const cloudOf = (authUrl: string): string => new URL(authUrl).hostname.toLowerCase();

/** `servers/detail` and its like stand below `base`; the document of versions at `root`. */
export interface ComputeAddress {
  base: string;
  root: string;
}

/**
 * A compute address of the catalogue: `.../v2.1`, the older `.../v2.1/<project>`, or a bare root, below which v2.1 always stands.
 * The versions are asked for with the slash behind: without it Nova answers with a redirect.
 */
export function computeAddress(url: string): ComputeAddress {
  const base = trimmed(url);
  const versioned = /^(.*\/v2(?:\.\d+)?)(?:\/[^/]+)?$/.exec(base);
  if (versioned) return { base, root: `${versioned[1]}/` };
  return { base: `${base}/v2.1`, root: `${base}/v2.1/` };
}

/**
 * Refuses a catalogue address to which a token must not be sent: a catalogue is what somebody wrote into a database. Allowed are the
 * host of `authUrl` and those that the source names, by https (plain http on loopback).
 * @throws ProviderError `config`, naming the host
 */
export function refuseForeign(url: string, authUrl: string, allowedHosts: readonly string[], place: string): void {
  const at = URL.parse(url);
  if (!at || (at.protocol !== 'https:' && at.protocol !== 'http:'))
    throw new ProviderError('config', place, 'the catalogue names a compute address that is none');
  const host = at.hostname.toLowerCase();
  if (host !== cloudOf(authUrl) && !allowedHosts.includes(host))
    throw new ProviderError(
      'config',
      place,
      `the catalogue sends to ${at.host}, which is not the host of authUrl; if it is yours, add ${host} to allowedHosts`,
    );
  if (at.protocol === 'http:' && !isLoopback(at))
    throw new ProviderError(
      'config',
      place,
      `the catalogue sends to ${at.host} without TLS, where a token is not sent`,
    );
}

/**
 * Where a next link leads: to the address that was asked, to it by http where a proxy ends TLS and did not tell Nova so, or to a host
 * that the source names. Query and path are taken as they are.
 * @throws ProviderError `bad-reply` for any other host: no token goes there
 */
export function nextAddress(link: string, base: string, allowedHosts: readonly string[], place: string): URL {
  const own = new URL(base);
  const url = URL.parse(link, base);
  if (url && url.username === '' && url.password === '') {
    if (url.origin === own.origin) return url;
    if (url.hostname === own.hostname && url.protocol === 'http:' && own.protocol === 'https:')
      return new URL(`${own.origin}${url.pathname}${url.search}`);
    if (allowedHosts.includes(url.hostname.toLowerCase()) && url.protocol === 'https:') return url;
  }
  throw new ProviderError(
    'bad-reply',
    place,
    `expected a next page at ${own.host}, got one at ${excerpt(url?.host ?? 'no address')}`,
  );
}
