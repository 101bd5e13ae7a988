import type { IncomingHttpHeaders } from 'node:http';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { ProviderError } from '../contract.ts';
import { excerpt } from './excerpt.ts';
import { toProviderError } from './failure.ts';
import { jsonDepth } from './json-depth.ts';

export interface JsonLimits {
  /** Of the decompressed body; default 32 MiB, ten times the largest page a cloud was seen to send. */
  maxBytes?: number;
  /** Default 64 levels. */
  maxDepth?: number;
  /** To the first byte of the answer, and between two bytes of it; default 20 s. */
  idleMs?: number;
  /** The whole exchange; default 60 s. */
  totalMs?: number;
}

export interface JsonRequest {
  url: string | URL;
  /** Names account, region or cluster in errors. */
  place: string;
  signal: AbortSignal;
  dispatcher: Dispatcher;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  limits?: JsonLimits;
}

export interface JsonReply {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed; `undefined` where a reply other than 2xx was not JSON. */
  body: unknown;
  /** The beginning of a reply other than 2xx, fit for an error; empty otherwise. */
  excerpt: string;
}

const MAX_ERROR_BYTES = 64 * 1024;

/**
 * One exchange of bounded JSON: size, depth, idle time and whole time are limited, redirects are not followed, gzip is understood.
 * Answers with any status; see {@link ./failure.ts} for what a status means.
 * @throws ProviderError `timeout`, `network`, `bad-reply` (too large, too deep, a 2xx that is no JSON, a redirect); the signal's
 * reason where it aborted
 */
export async function exchangeJson(req: JsonRequest): Promise<JsonReply> {
  const { place, signal, limits = {} } = req;
  signal.throwIfAborted();
  const idleMs = limits.idleMs ?? 20_000;
  const deadline = AbortSignal.timeout(limits.totalMs ?? 60_000);
  try {
    const reply = await request(req.url, {
      method: req.method ?? 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', ...req.headers },
      body: req.body ?? null,
      dispatcher: req.dispatcher,
      signal: AbortSignal.any([signal, deadline]),
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
    });
    const ok = reply.statusCode >= 200 && reply.statusCode < 300;
    if (reply.statusCode >= 300 && reply.statusCode < 400) {
      await reply.body.dump();
      throw new ProviderError(
        'bad-reply',
        place,
        `${hostOf(req.url)} answered with a redirect (${reply.statusCode}), which is not followed`,
      );
    }
    const bytes = await readBody(reply, ok ? (limits.maxBytes ?? 32 * 1024 * 1024) : MAX_ERROR_BYTES, ok, place);
    const base = { status: reply.statusCode, headers: reply.headers };
    if (ok) return { ...base, body: parseJson(bytes, place, limits.maxDepth), excerpt: '' };
    return { ...base, body: tryJson(bytes, limits.maxDepth), excerpt: excerpt(bytes.toString('utf8', 0, 2000)) };
  } catch (error) {
    signal.throwIfAborted();
    throw toProviderError(error, place);
  }
}

/**
 * Parses a body that must be JSON.
 * @throws ProviderError `bad-reply` with at most 200 redacted characters of it
 */
export function parseJson(bytes: Buffer, place: string, maxDepth = 64): unknown {
  if (jsonDepth(bytes, maxDepth) > maxDepth)
    throw new ProviderError('bad-reply', place, `answered JSON nested deeper than ${maxDepth} levels`);
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's message: it quotes the text, unredacted.
    throw new ProviderError('bad-reply', place, `answered no valid JSON: ${excerpt(text) || '(empty)'}`);
  }
}

function tryJson(bytes: Buffer, maxDepth = 64): unknown {
  if (jsonDepth(bytes, maxDepth) > maxDepth) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** @param strict false: what is beyond `max` is left unread instead of an error, for the bodies of errors */
async function readBody(reply: Dispatcher.ResponseData, max: number, strict: boolean, place: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const zipped = reply.headers['content-encoding'] === 'gzip';
  const stream = zipped ? reply.body.pipe(createGunzip()) : reply.body;
  if (zipped) reply.body.on('error', (error) => stream.destroy(error));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > max) {
      reply.body.destroy();
      if (strict) throw new ProviderError('bad-reply', place, `answered more than ${max} bytes in one page`);
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const hostOf = (url: string | URL): string => URL.parse(String(url))?.host ?? 'the endpoint';
