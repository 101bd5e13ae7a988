import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownHosts } from '#app/server/hosts.ts';
import { createWebServer } from '#app/server/server.ts';
import type { QueryService, Readiness } from '#lib/web/service.ts';
import { silentLogger } from '#tests/support/log.ts';

let server: Server;
let port: number;
let reached: IncomingMessage[];
let readiness: Readiness;
let closing: AbortController;

beforeEach(async () => {
  reached = [];
  readiness = { state: 'ready', revision: 7, resources: 3 };
  closing = new AbortController();
  server = createWebServer({
    hosts: ownHosts('127.0.0.1', []),
    service: { readiness: () => readiness } as QueryService,
    handle: async (request, response) => {
      reached.push(request);
      if (request.url === '/throws') throw new Error('secret inner text');
      response.end('page');
    },
    closing: closing.signal,
    log: silentLogger,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

function send(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      path,
      method: options.method ?? 'GET',
      headers: options.headers ?? {},
    });
    request.on('error', reject);
    request.on('response', async (response) => {
      let body = '';
      for await (const piece of response.setEncoding('utf8')) body += piece;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    request.end();
  });
}

/** Sends raw bytes and gives all that comes back until the server closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece) => {
      answer += piece;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}

describe('the server of the web process', () => {
  it('refuses a request under a foreign host name with a problem, and Next never sees it', async () => {
    const answer = await send('/api/v1/resources', { headers: { host: 'rebind.example' } });
    expect(answer.status).toBe(421);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'wrong-host', status: 421 });
    expect(reached).toHaveLength(0);
  });

  it.each(['/', '/healthz', '/readyz', '/throws', '/api/v1/x'])('sets the security headers on %s', async (path) => {
    const { headers } = await send(path);
    expect(headers['content-security-policy']).toMatch(/script-src 'nonce-[\w+/=]{24}' 'strict-dynamic'/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('uses a nonce once', async () => {
    const [a, b] = await Promise.all([send('/'), send('/')]);
    expect(a.headers['content-security-policy']).not.toBe(b.headers['content-security-policy']);
    expect(reached[0]?.headers['x-nonce']).not.toBe(reached[1]?.headers['x-nonce']);
  });

  it('says nothing of an inner error', async () => {
    const answer = await send('/throws');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret inner text');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'internal' });
  });

  it('fault 64, fault 83: takes away headers by which a client could pretend', async () => {
    const forged = {
      'x-middleware-subrequest': 'middleware:middleware:middleware',
      'x-forwarded-host': 'evil.example',
      'x-original-url': '/admin',
      'x-http-method-override': 'DELETE',
      'x-nonce': 'forged',
    };
    await send('/', { headers: forged });
    const seen = reached[0]?.headers ?? {};
    for (const name of ['x-middleware-subrequest', 'x-forwarded-host', 'x-original-url', 'x-http-method-override'])
      expect(seen[name], name).toBeUndefined();
    expect(seen['x-nonce']).not.toBe('forged');
  });

  it('fault 64: answers 404 to a Server Action', async () => {
    expect((await send('/', { headers: { 'next-action': 'a'.repeat(40) } })).status).toBe(404);
    expect(reached).toHaveLength(0);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    expect((await send('/', { method })).status).toBe(405);
    expect(reached).toHaveLength(0);
  });

  it.each([
    ['no custom header', {}],
    ['a cross-site page', { 'x-muster': '1', 'sec-fetch-site': 'cross-site' }],
    ['a sibling subdomain', { 'x-muster': '1', 'sec-fetch-site': 'same-site' }],
    ['a foreign origin', { 'x-muster': '1', origin: 'https://evil.example' }],
    ['a null origin', { 'x-muster': '1', origin: 'null' }],
  ])('fault 70: refuses a change of state from %s', async (_, headers) => {
    for (const [method, path] of [
      ['POST', '/api/v1/refresh'],
      ['POST', '/api/v1/decisions'],
      ['DELETE', '/api/v1/decisions?a=x&b=y'],
    ] as const) {
      const answer = await send(path, { method, headers });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'missing-header' });
    }
    expect(reached).toHaveLength(0);
  });

  it.each([
    ['POST', '/api/v1/refresh'],
    ['POST', '/api/v1/decisions'],
    ['DELETE', '/api/v1/decisions?a=x&b=y'],
  ])('lets a change of state of our own page through: %s %s', async (method, path) => {
    const headers = { 'x-muster': '1', origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
    expect((await send(path, { method, headers })).status).toBe(200);
    expect(reached).toHaveLength(1);
  });

  it.each(['/', '/sources', '/apiary'])('refuses to DELETE %s, whoever asks', async (path) => {
    expect((await send(path, { method: 'DELETE', headers: { 'x-muster': '1' } })).status).toBe(405);
    expect(reached).toHaveLength(0);
  });

  it.each([
    ['more than a few words', { 'content-length': '16385' }],
    ['a body of unsaid length', { 'transfer-encoding': 'chunked' }],
  ])('refuses %s, and reads no more of it', async (_, length) => {
    const answer = await send('/api/v1/refresh', { method: 'POST', headers: { 'x-muster': '1', ...length } });
    expect(answer.status).toBe(413);
    expect(answer.headers.connection).toBe('close');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'too-large' });
    expect(reached).toHaveLength(0);
  });

  it.each(['/api/v1/resources/%', '/%E0%A4%A', '/api/v1/resources/%ff'])('answers 400 to %s', async (path) => {
    const answer = await send(path);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'bad-parameter' });
    expect(reached).toHaveLength(0);
  });

  it.each([
    ['upgrade', 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['tunnel', 'CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('lets go of a refused %s whose peer breaks off or never closes', async (_, text) => {
    const met = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => peer.write(text));
    peer.on('error', () => undefined).resume();
    const socket = await met;
    await new Promise((resolve) => socket.on('close', resolve));
    // Without a listener of ours a reset would be an exception that nobody catches.
    expect(socket.listenerCount('error')).toBeGreaterThan(0);
    peer.destroy();
  });

  it('is ready only when the index is, and not while it closes', async () => {
    expect((await send('/readyz')).status).toBe(200);
    readiness = { state: 'building', done: 1, total: 9 };
    expect(await send('/readyz')).toMatchObject({ status: 503, body: JSON.stringify(readiness) });
    expect((await send('/healthz')).status).toBe(200);
    readiness = { state: 'ready', revision: 7, resources: 3 };
    closing.abort();
    expect((await send('/readyz')).status).toBe(503);
  });

  it.each([
    [
      'both lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n'],
    ['64 kB of headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(65_536)}\r\n\r\n`],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a tunnel', 'CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a foreign absolute address', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ])('fault 82: answers 4xx or closes on %s', async (_, text) => {
    const answer = await raw(text);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(reached).toHaveLength(0);
  });
});
