import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '#providers/contract.ts';
import { statusError } from '../failure.ts';
import { exchangeJson, type JsonLimits } from './http.ts';

const open: { server: Server; agent: Agent }[] = [];
afterEach(async () => {
  for (const { server, agent } of open.splice(0)) {
    await agent.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function ask(answer: RequestListener, limits: JsonLimits = {}, signal = new AbortController().signal) {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const agent = new Agent();
  open.push({ server, agent });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}/x`;
  return exchangeJson({ url, place: 'here', signal, dispatcher: agent, limits });
}

/** The error of a promise that must fail, as a ProviderError. */
async function refused(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => new Error('was not refused'),
    (e: unknown) => e,
  );
  if (error instanceof ProviderError) return error;
  throw error;
}

describe('exchangeJson', () => {
  it('answers with the parsed body, gzip or not', async () => {
    const plain = await ask((_, res) => res.end('{"a":[1]}'));
    const zipped = await ask((_, res) => res.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":[1]}')));
    expect([plain.body, zipped.body]).toEqual([{ a: [1] }, { a: [1] }]);
  });

  it('fault 10: a connection that breaks before or in the body is a network error', async () => {
    const before = await refused(ask((req) => req.socket.destroy()));
    const within = await refused(
      ask((req, res) => {
        res.writeHead(200, { 'content-length': '100' });
        res.write('{"a":', () => req.socket.destroy());
      }),
    );
    expect([before.kind, within.kind]).toEqual(['network', 'network']);
  });

  it('fault 11: a body that stalls or drips ends with a timeout', async () => {
    const stalled = await refused(ask((_, res) => void res.write('{'), { idleMs: 20 }));
    const dripping = await refused(ask((_, res) => void res.write('{'), { totalMs: 20 }));
    expect([stalled.kind, dripping.kind]).toEqual(['timeout', 'timeout']);
  });

  it('fault 12: truncated JSON is a bad reply that quotes no more than 200 redacted characters', async () => {
    const body = `{"access_token":"very-secret-value","items":["${'x '.repeat(500)}`;
    const error = await refused(ask((_, res) => res.end(body)));
    expect(error.kind).toBe('bad-reply');
    expect(error.message).toContain('[redacted]');
    expect(error.message).not.toContain('very-secret-value');
    expect(error.message.length).toBeLessThan(260);
  });

  it('fault 13: HTML, an empty body and a gzip body that is cut are bad replies', async () => {
    const kinds = [];
    for (const answer of ['<html>log in</html>', ''])
      kinds.push((await refused(ask((_, res) => res.end(answer)))).kind);
    const cut = gzipSync('{"a":1}').subarray(0, 12);
    kinds.push((await refused(ask((_, res) => res.setHeader('content-encoding', 'gzip').end(cut)))).kind);
    expect(kinds).toEqual(['bad-reply', 'bad-reply', 'bad-reply']);
  });

  it('fault 15: a body beyond the size limit is not read on, zipped or not', async () => {
    let written = 0;
    const endless: RequestListener = (req, res) => {
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const more = () => {
        while (written < 64 * 1024 * 1024 && !res.destroyed) {
          written += chunk.length;
          if (!res.write(chunk)) return res.once('drain', more);
        }
        return res.end();
      };
      req.socket.setNoDelay();
      more();
    };
    const error = await refused(ask(endless, { maxBytes: 1024 * 1024 }));
    expect(error).toMatchObject({ kind: 'bad-reply', message: 'here: answered more than 1048576 bytes in one page' });
    expect(written).toBeLessThan(32 * 1024 * 1024);
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 0x20));
    const zipped = await refused(
      ask((_, res) => res.setHeader('content-encoding', 'gzip').end(bomb), { maxBytes: 1024 * 1024 }),
    );
    expect(zipped.kind).toBe('bad-reply');
  });

  it('fault 15: JSON nested 100,000 levels deep is refused before it is parsed', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const error = await refused(ask((_, res) => res.end(deep)));
    expect(error.message).toContain('deeper than 64 levels');
    const quoted = await ask((_, res) => res.end(JSON.stringify({ a: '[{"\\'.repeat(200) })));
    expect(quoted.status).toBe(200);
  });

  it('fault 22: a redirect is not followed and the error names the host', async () => {
    let asked = 0;
    const error = await refused(
      ask((_, res) => {
        asked++;
        res.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    expect(error.kind).toBe('bad-reply');
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ answered with a redirect/);
    expect(asked).toBe(1);
  });

  it('fault 31: an abort while waiting or reading ends with the signal’s own reason', async () => {
    const reason = new Error('shutdown');
    for (const begin of [false, true]) {
      const stop = new AbortController();
      const answer: RequestListener = (_, res) => {
        if (begin) res.write('{', () => setImmediate(() => stop.abort(reason)));
        else stop.abort(reason);
      };
      await expect(ask(answer, {}, stop.signal)).rejects.toBe(reason);
    }
    await expect(ask((_, res) => res.end('{}'), {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('statusError', () => {
  const now = Date.parse('2026-11-21T00:00:00Z');
  const reply = (status: number, retryAfter?: string) => ({
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    body: undefined,
    excerpt: '',
  });

  it.each([
    [401, 'auth'],
    [403, 'permission'],
    [404, 'unsupported'],
    [408, 'timeout'],
    [400, 'bad-reply'],
    [429, 'rate-limit'],
    [500, 'network'],
    [503, 'network'],
    [504, 'timeout'],
  ] as const)('reads %i as %s', (status, kind) => {
    expect(statusError(reply(status), 'here', now).kind).toBe(kind);
  });

  it('fault 1: carries the wait of Retry-After, seconds or date', () => {
    expect(statusError(reply(429, '7'), 'here', now).retryAfterMs).toBe(7000);
    expect(statusError(reply(503, 'Sat, 21 Nov 2026 00:00:30 GMT'), 'here', now)).toMatchObject({
      kind: 'rate-limit',
      retryAfterMs: 30_000,
    });
    expect(statusError(reply(429, 'Fri, 20 Nov 2026 00:00:00 GMT'), 'here', now).retryAfterMs).toBe(0);
    expect(statusError(reply(429, 'soon'), 'here', now).retryAfterMs).toBeUndefined();
  });
});
