import { type Dispatcher, type MessageEvent, WebSocket } from 'undici';
import { type Call, ProviderError } from '#providers/contract.ts';
import { parseJson } from '#providers/kit/wire/http.ts';
import { jsonDepth } from '#providers/kit/wire/json-depth.ts';
import { EVENTS, type EventStream } from './client.ts';

export interface EventsRequest {
  /** `ws:` or `wss:`. */
  url: URL;
  place: string;
  dispatcher: Dispatcher;
  /** Until the server has answered. */
  idleMs: number;
  /** Throws the reason of a refusal, which a WebSocket does not tell. */
  why(): Promise<void>;
}

/** An event names an object and who did it. */
const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 16;
/** Events that nobody has read yet; a reader that is so far behind lists all again. */
const MAX_WAITING = 100_000;

/**
 * Subscribes. The server has taken us when the WebSocket is open.
 * @throws ProviderError `permission` and the like where it refuses, `timeout`, `network`
 */
export async function openEvents(request: EventsRequest, { signal }: Call): Promise<EventStream> {
  const { url, place, dispatcher, idleMs, why } = request;
  signal.throwIfAborted();
  const socket = new WebSocket(url, { dispatcher });
  const opened = Promise.withResolvers<void>();
  const waiting: unknown[] = [];
  let over: { error: unknown } | null = null;
  let news = Promise.withResolvers<void>();
  const end = (error: unknown) => {
    over ??= { error };
    opened.reject(error);
    news.resolve();
    stop();
  };
  const abort = () => end(signal.reason);
  const timer = setTimeout(
    () => end(new ProviderError('timeout', place, 'did not take the stream of events up in time').of(EVENTS)),
    idleMs,
  );
  function stop() {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.close();
  }
  signal.addEventListener('abort', abort);
  socket.addEventListener('open', () => {
    clearTimeout(timer);
    opened.resolve();
  });
  socket.addEventListener('message', (message: MessageEvent) => {
    try {
      if (waiting.length >= MAX_WAITING)
        throw new ProviderError('network', place, `sent ${MAX_WAITING} events before they were read`);
      waiting.push(parsed(message.data, place));
      news.resolve();
    } catch (error) {
      end(error instanceof ProviderError ? error.of(EVENTS) : error);
    }
  });
  const broke = () => end(new ProviderError('network', place, 'closed the stream of events').of(EVENTS));
  // The close behind it says no more.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', broke);
  try {
    await opened.promise;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError && error.kind === 'network') await why();
    throw error;
  }

  async function* events(): AsyncGenerator<unknown> {
    try {
      for (;;) {
        await news.promise;
        news = Promise.withResolvers();
        yield* waiting.splice(0);
        if (over) throw over.error;
      }
    } finally {
      stop();
    }
  }
  return { events: events() };
}

function parsed(data: unknown, place: string): unknown {
  if (typeof data !== 'string')
    throw new ProviderError('bad-reply', place, 'expected an event as text, got a binary message');
  if (data.length > MAX_BYTES)
    throw new ProviderError('bad-reply', place, `sent an event of more than ${MAX_BYTES} characters`);
  if (jsonDepth(Buffer.from(data), MAX_DEPTH) > MAX_DEPTH)
    throw new ProviderError('bad-reply', place, `sent an event nested deeper than ${MAX_DEPTH} levels`);
  return parseJson(data, place);
}
