import { z } from 'zod';

const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** True for an address of this machine itself. */
export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);

/** `endpoint` of a source: https anywhere, plain http on loopback only, no credentials in the address. */
export const endpointSchema = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    if (!url || url.username || url.password) return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  }, 'expected an https:// address (http:// on loopback only) without user or password')
  .describe('Address of a sovereign, private or test cloud; https, or http on loopback');

/** Refuses a next page that leads elsewhere than the endpoint: the credential must not follow it. */
export function sameOrigin(link: string, endpoint: string): boolean {
  const a = URL.parse(link);
  const b = URL.parse(endpoint);
  return a !== null && b !== null && a.origin === b.origin;
}
