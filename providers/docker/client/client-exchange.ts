import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import type Docker from 'dockerode';
import { readBounded } from '#lib/runtime/bounded-body.ts';
import { ProviderError } from '#providers/contract.ts';
import { toProviderError } from '#providers/kit/failure.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { jsonDepth } from '#providers/kit/wire/json-depth.ts';

/** What an engine answers is read by us: the SDK would take bodies of any size, and keeps the headers to itself. */
export interface Request {
  path: string;
  query?: Record<string, unknown>;
  place: string;
  signal: AbortSignal;
  /** To the first byte of the answer, and between two bytes of it. */
  idleMs: number;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Nests within the limit; of an answer that is not 2xx only a beginning. */
  text: string;
}

/** Ten thousand containers with fifty labels each. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_DEPTH = 64;

// Every status is an answer to us; the SDK makes an error of each that is not named.
const STATUS_CODES = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [100 + i, true]));

/**
 * One exchange, bounded in size, depth and time.
 * @throws ProviderError `timeout`, `network`, `permission` (the socket may not be opened), `bad-reply`; the signal's reason where it aborted
 */
export async function exchange(docker: Docker, request: Request): Promise<Answer> {
  const timer = idleTimer(request.idleMs);
  const signal = AbortSignal.any([request.signal, timer.signal]);
  try {
    const response = await dial(docker, request, signal);
    addAbortSignal(signal, response);
    timer.restart();
    const { statusCode: status = 0, headers } = response;
    const ok = status >= 200 && status < 300;
    const bytes = await readBody(response, ok ? MAX_BYTES : MAX_ERROR_BYTES, ok, request.place, timer.restart);
    const fits = jsonDepth(bytes, MAX_DEPTH) <= MAX_DEPTH;
    if (ok && !fits)
      throw new ProviderError('bad-reply', request.place, `answered JSON nested deeper than ${MAX_DEPTH} levels`);
    return { status, headers, text: fits ? bytes.toString('utf8') : '' };
  } catch (error) {
    throw understood(error, request, timer.signal);
  } finally {
    timer.stop();
  }
}

/** A response whose body goes on; the time limit is for its head alone. */
export async function openStream(docker: Docker, request: Request): Promise<IncomingMessage> {
  const timer = idleTimer(request.idleMs);
  try {
    const response = await dial(docker, request, AbortSignal.any([request.signal, timer.signal]));
    return addAbortSignal(request.signal, response);
  } catch (error) {
    throw understood(error, request, timer.signal);
  } finally {
    timer.stop();
  }
}

/** What a response says that came in place of a stream, within the same time. */
export async function readRefusal(
  response: IncomingMessage,
  request: Pick<Request, 'place' | 'signal' | 'idleMs'>,
): Promise<string> {
  const timer = idleTimer(request.idleMs);
  try {
    addAbortSignal(timer.signal, response);
    const bytes = await readBody(response, MAX_ERROR_BYTES, false, request.place, timer.restart);
    return bytes.toString('utf8');
  } catch (error) {
    throw understood(error, request, timer.signal);
  } finally {
    timer.stop();
  }
}

function dial(docker: Docker, { path, query }: Request, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: query ? `${path}?` : path,
        method: 'GET',
        options: query,
        isStream: true,
        statusCodes: STATUS_CODES,
        abortSignal: signal,
      },
      // A stream was asked for, so that an answer it is.
      (error, response) => (error ? reject(error) : resolve(response as IncomingMessage)),
    );
  });
}

/** @param strict false: what is beyond `max` is left unread instead of an error, for the bodies of errors */
async function readBody(
  response: IncomingMessage,
  max: number,
  strict: boolean,
  place: string,
  onChunk: () => void,
): Promise<Buffer> {
  const { bytes, isWhole } = await readBounded(response, max, onChunk);
  if (strict && !isWhole) throw new ProviderError('bad-reply', place, `answered more than ${max} bytes`);
  return bytes;
}

/** What broke an exchange, as the contract has it. */
export function understood(error: unknown, { place, signal }: Pick<Request, 'place' | 'signal'>, idle?: AbortSignal) {
  if (signal.aborted) return signal.reason;
  if (idle?.aborted) return new ProviderError('timeout', place, 'gave no complete answer in time', { cause: error });
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM')
    return new ProviderError(
      'permission',
      place,
      'this process may not open the socket: give it the group of the socket',
      {
        cause: error,
      },
    );
  if (code === 'ENOENT') return new ProviderError('network', place, 'there is no such socket; is the engine running?');
  return toProviderError(error, place);
}

/** The beginning of an answer that is not 2xx, in the engine's own words where it has some. */
export function messageIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body) return excerpt(String(body.message));
  } catch {
    // A proxy in front of the engine answers in HTML.
  }
  return excerpt(text);
}

function idleTimer(ms: number): { signal: AbortSignal; restart(): void; stop(): void } {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DOMException('idle', 'TimeoutError')), ms);
  return { signal: stop.signal, restart: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
