import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '#lib/api/resources.ts';
import type { LogEvent } from '#lib/log/index.ts';
import type { Logger } from '#lib/runtime/logger.ts';
import type { QueryService } from '#lib/web/service.ts';
import { refusal, stripUntrusted } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { completeProblem } from './problem.ts';

export interface WebServerOptions {
  /** Host names that are ours. */
  hosts: ReadonlySet<string>;
  service: QueryService;
  /** Answers everything but health. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  closing: AbortSignal;
  log: Logger<LogEvent>;
  dev?: boolean;
}

/**
 * The HTTP server of the web process: refuses what is not ours, sets the security headers of every answer, answers health, and hands
 * the rest to Next. Timeouts and sizes are bounded; an upgrade or a tunnel is closed.
 */
export function createWebServer(options: WebServerOptions): Server {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    requireHostHeader: false,
    insecureHTTPParser: false,
  });
  server.maxHeadersCount = 100;
  server.on('request', (request, response) => void answer(request, response, options));
  server.on('upgrade', (_request, socket) => hangUp(socket, '400 Bad Request'));
  server.on('connect', (_request, socket) => hangUp(socket, '405 Method Not Allowed'));
  return server;
}

/** Node has let go of such a socket: its errors are ours, and a peer that never closes its side would keep it for ever. */
function hangUp(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`, () => socket.destroy());
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WebServerOptions): Promise<void> {
  const nonce = randomBytes(16).toString('base64');
  stripUntrusted(request);
  for (const [name, value] of Object.entries(securityHeaders(nonce, options.dev === true)))
    response.setHeader(name, value);
  if (options.closing.aborted) response.setHeader('connection', 'close');
  const refused = refusal(request, options.hosts);
  if (refused) {
    // What is left of a body that is too large is not read.
    if (refused.code === 'too-large') response.setHeader('connection', 'close');
    return sendProblem(response, refused);
  }
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/healthz') return send(response, 200, { status: 'ok' });
  if (path === '/readyz') return sendReadiness(response, options);
  // Next takes the nonce for its own scripts from this header; pages read x-nonce for theirs.
  request.headers['content-security-policy'] = String(response.getHeader('content-security-policy'));
  request.headers['x-nonce'] = nonce;
  if (!path?.startsWith('/_next/static/')) response.setHeader('cache-control', 'private, no-store');
  try {
    await options.handle(request, response);
  } catch (error) {
    options.log.error('web.request-failed', { path, error });
    if (response.headersSent) response.destroy();
    else
      sendProblem(response, {
        code: 'internal',
        status: 500,
        detail: 'The answer could not be made; the log says why.',
      });
  }
}

function sendReadiness(response: ServerResponse, { service, closing }: WebServerOptions): void {
  const readiness = service.readiness();
  const ready = readiness.state === 'ready' && !closing.aborted;
  send(response, ready ? 200 : 503, closing.aborted ? { state: 'closing' } : readiness);
}

function send(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, problem: Omit<Problem, 'type' | 'title'>): void {
  send(response, problem.status, completeProblem(problem), 'application/problem+json');
}
