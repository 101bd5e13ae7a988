import type { IncomingMessage } from 'node:http';
import type { Problem } from '#lib/api/resources.ts';
import { ownHost } from './hosts.ts';

type Refusal = Pick<Problem, 'code' | 'status' | 'detail'>;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

// Headers by which a client could pretend to be our proxy, Next itself, or another method or address.
const UNTRUSTED = [
  'x-middleware-subrequest',
  'x-middleware-prefetch',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-for',
  'x-forwarded-port',
  'forwarded',
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'x-nonce',
  'content-security-policy',
  'content-security-policy-report-only',
];

/** Takes away what no client may say of itself. */
export function stripUntrusted(request: IncomingMessage): void {
  for (const name of UNTRUSTED) delete request.headers[name];
}

/** Why a request is refused before anything else looks at it, or null. */
export function refusal(request: IncomingMessage, own: ReadonlySet<string>): Refusal | null {
  // Node keeps the first of two Host headers; another server before us may have kept the second.
  const { host } = request.headersDistinct;
  if (host?.length !== 1 || !ownHost(host[0], own, request.socket.localAddress)) {
    return {
      code: 'wrong-host',
      status: 421,
      detail: 'This server does not answer under that host name. Add it to MUSTER_HOSTS if it is yours.',
    };
  }
  const changes = request.method === 'POST' || request.method === 'DELETE';
  if (!METHODS.has(request.method ?? '') || (request.method === 'DELETE' && !request.url?.startsWith('/api/'))) {
    return {
      code: 'method-not-allowed',
      status: 405,
      detail: 'Only GET, HEAD and POST are answered, and DELETE by the API.',
    };
  }
  // Server Actions are not used: nothing of ours sends this.
  if (request.headers['next-action'] !== undefined)
    return { code: 'not-found', status: 404, detail: 'There is nothing here.' };
  const refused = changes ? (forgery(request, own) ?? tooLarge(request)) : null;
  if (refused !== null) return refused;
  return isDecodable(request.url ?? '/')
    ? null
    : { code: 'bad-parameter', status: 400, detail: 'The address holds a % that encodes nothing.' };
}

/** Our own pages send a few words, and say how many. */
const MAX_BODY = 16 * 1024;

function tooLarge(request: IncomingMessage): Refusal | null {
  const length = Number(request.headers['content-length'] ?? 0);
  if (request.headers['transfer-encoding'] === undefined && length <= MAX_BODY) return null;
  return { code: 'too-large', status: 413, detail: `A body has at most ${MAX_BODY} bytes and says its length.` };
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/** A change of state needs a header that a foreign page cannot send without asking, and must come from our own pages. */
function forgery(request: IncomingMessage, own: ReadonlySet<string>): Refusal | null {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !ownHost(URL.parse(origin)?.host, own, request.socket.localAddress));
  if (request.headers['x-muster'] !== '1' || foreign) {
    return {
      code: 'missing-header',
      status: 403,
      detail: 'A change of state needs the header x-muster: 1 and the same origin.',
    };
  }
  return null;
}
