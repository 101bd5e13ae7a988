import type { ErrorKind } from '#lib/model/index.ts';
import { ProviderError } from '../contract.ts';

/** What an error is made of. */
interface RefusedReply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The beginning of its body, fit for an error. */
  excerpt: string;
}

/**
 * What an HTTP status means, where the provider's own code in the body says nothing else:
 * 401 auth, 403 permission, 408/504 timeout, 429 rate-limit, 503 rate-limit with Retry-After else network, other 5xx network,
 * 404/405/501 unsupported, the rest bad-reply.
 */
export function kindOfStatus(status: number, hinted: boolean): ErrorKind {
  if (status === 401) return 'auth';
  if (status === 403) return 'permission';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 429 || (status === 503 && hinted)) return 'rate-limit';
  if (status === 404 || status === 405 || status === 501) return 'unsupported';
  if (status >= 500) return 'network';
  return 'bad-reply';
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 10.2.3), never negative, an hour at most. */
export function retryAfterMs(value: string | string[] | undefined | null, now: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (!text) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : undefined;
}

/**
 * The error of a reply that is not 2xx.
 * @param now wall time, for a Retry-After that is a date
 * @param say what the provider's own error body means, where its words are known; wins over the status
 */
export function statusError(
  reply: RefusedReply,
  place: string,
  now: number,
  override: { kind?: ErrorKind; message?: string; retryAfterMs?: number } = {},
): ProviderError {
  const wait = override.retryAfterMs ?? retryAfterMs(reply.headers['retry-after'], now);
  const kind = override.kind ?? kindOfStatus(reply.status, wait !== undefined);
  const message = override.message ?? `answered ${reply.status}${reply.excerpt ? `: ${reply.excerpt}` : ''}`;
  return new ProviderError(kind, place, message, wait === undefined ? {} : { retryAfterMs: wait });
}

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
]);

// TLS failures end a source until someone acts; the certificate's words are the fix.
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

/** The error of an exchange that got no reply, or half of one. Keeps the cause, never its text: it may quote addresses with secrets. */
export function toProviderError(error: unknown, place: string): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error);
  if (TIMEOUTS.has(code) || (error instanceof DOMException && error.name === 'TimeoutError'))
    return new ProviderError('timeout', place, 'gave no complete answer in time', { cause: error });
  if (TLS.test(code)) return new ProviderError('network', place, `TLS failed (${code})`, { cause: error });
  if (code.startsWith('Z_') || code.startsWith('HPE_'))
    return new ProviderError('bad-reply', place, `answered what cannot be decoded (${code})`, { cause: error });
  return new ProviderError('network', place, `connection failed (${code || 'no code'})`, { cause: error });
}

/** The system's or undici's code of an error, looked for in its causes too; empty where there is none. */
function codeOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0], depth + 1);
  return 'cause' in error ? codeOf(error.cause, depth + 1) : '';
}
