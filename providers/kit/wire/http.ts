import type { IncomingHttpHeaders } from 'node:http';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { readBounded } from '#lib/runtime/bounded-body.ts';
import { ProviderError } from '#providers/contract.ts';
import { toProviderError } from '../failure.ts';
import { excerpt } from './excerpt.ts';
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

export interface TextReply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * One exchange of bounded JSON text: size, depth, idle time and whole time are limited, redirects are not followed, gzip is
 * understood. The text of a 2xx nests within the limit but is not parsed yet; that of any other reply is cut at 64 KiB.
 * @throws ProviderError `timeout`, `network`, `bad-reply` (too large, too deep, a redirect); the signal's reason where it aborted
 */
export async function exchangeText(req: JsonRequest): Promise<TextReply> {
  const { place, signal, limits = {} } = req;
  signal.throwIfAborted();
  const idleMs = limits.idleMs ?? 20_000;
  const deadline = AbortSignal.timeout(limits.totalMs ?? 60_000);
  try {
    const reply = await request(req.url, {
      method: req.method ?? 'GET',
      headers: { accept: 'application/json', ...req.headers, 'accept-encoding': 'gzip' },
      body: req.body ?? null,
      dispatcher: req.dispatcher,
      signal: AbortSignal.any([signal, deadline]),
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
    });
    const status = reply.statusCode;
    if (status >= 300 && status < 400) {
      await reply.body.dump();
      const host = URL.parse(String(req.url))?.host ?? 'the endpoint';
      throw new ProviderError(
        'bad-reply',
        place,
        `${host} answered with a redirect (${status}), which is not followed`,
      );
    }
    const ok = isOk(status);
    const bytes = await readBody(reply, ok ? (limits.maxBytes ?? 32 * 1024 * 1024) : MAX_ERROR_BYTES, ok, place);
    const maxDepth = limits.maxDepth ?? 64;
    const fits = jsonDepth(bytes, maxDepth) <= maxDepth;
    if (ok && !fits) throw new ProviderError('bad-reply', place, `answered JSON nested deeper than ${maxDepth} levels`);
    return { status, headers: reply.headers, text: fits ? bytes.toString('utf8') : '' };
  } catch (error) {
    signal.throwIfAborted();
    throw toProviderError(error, place);
  }
}

/**
 * {@link exchangeText}, parsed. Answers with any status; see `failure.ts` for what a status means.
 * @throws ProviderError as exchangeText, and `bad-reply` for a 2xx that is no JSON, with at most 200 redacted characters of it
 */
export async function exchangeJson(req: JsonRequest): Promise<JsonReply> {
  const { status, headers, text } = await exchangeText(req);
  if (isOk(status)) return { status, headers, body: parseJson(text, req.place), excerpt: '' };
  return errorReply({ status, headers, text });
}

/** A reply that is not 2xx, with its body if it is JSON and an excerpt fit for an error. */
export function errorReply({ status, headers, text }: TextReply): JsonReply {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status, headers, body, excerpt: excerpt(text) };
}

export const isOk = (status: number): boolean => status >= 200 && status < 300;

/** @throws ProviderError `bad-reply` with at most 200 redacted characters of the text */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's message: it quotes the text, unredacted.
    throw new ProviderError('bad-reply', place, `expected JSON, got: ${excerpt(text) || 'nothing'}`);
  }
}

/** @param strict false: what is beyond `max` is left unread instead of an error, for the bodies of errors */
async function readBody(reply: Dispatcher.ResponseData, max: number, strict: boolean, place: string): Promise<Buffer> {
  const zipped = reply.headers['content-encoding'] === 'gzip';
  const stream = zipped ? reply.body.pipe(createGunzip()) : reply.body;
  if (zipped) reply.body.on('error', (error) => stream.destroy(error));
  const { bytes, isWhole } = await readBounded(stream, max);
  if (isWhole) return bytes;
  reply.body.destroy();
  if (strict) throw new ProviderError('bad-reply', place, `answered more than ${max} bytes in one page`);
  return bytes;
}
