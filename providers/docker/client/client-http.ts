import { type Call, type Clock, ProviderError } from '#providers/contract.ts';
import { parseJson } from '#providers/kit/wire/http.ts';
import { jsonDepth } from '#providers/kit/wire/json-depth.ts';
import { lines } from '#providers/kit/wire/lines.ts';
import { named } from '#providers/kit/wire/named.ts';
import type { Action } from '../policy.ts';
import { chooseVersion, NEWEST, type Negotiated } from './api-version.ts';
import { type DockerClient, EngineError, INSPECT, LIST } from './client.ts';
import { type Answer, exchange, messageIn, openStream, readRefusal, understood } from './client-exchange.ts';
import { openTransport, type TransportOptions } from './client-transport.ts';

export interface HttpOptions extends TransportOptions {
  clock: Clock;
}

const MAX_EVENT_DEPTH = 16;

/** An engine over its API. The version is that of the engine, or ours where the engine is newer. */
export function httpClient(options: HttpOptions): DockerClient {
  const { host: place, clock, timeoutMs: idleMs } = options;
  const transport = openTransport(options);
  let negotiated: Negotiated | null = null;

  async function raw(path: string, query: Record<string, unknown> | undefined, { signal }: Call): Promise<Answer> {
    signal.throwIfAborted();
    const docker = await transport.docker(signal);
    const request = { path, place, signal, idleMs, ...(query ? { query } : {}) };
    const answer = await exchange(docker, request);
    return refuse(answer, place, clock.now());
  }

  /** Asks `/_ping`, which every version answers without one in its path, https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk */
  async function ping(call: Call): Promise<number | null> {
    const headers = await named('GET /_ping', async () => {
      const answer = await raw('/_ping', undefined, call);
      negotiated = chooseVersion(answer.headers, place);
      return answer.headers;
    });
    const date = Date.parse(headers.date ?? '');
    return Number.isNaN(date) ? null : date;
  }

  async function version(call: Call): Promise<Negotiated> {
    if (negotiated === null) await ping(call);
    if (negotiated === null) throw new Error('a ping without a version throws');
    return negotiated;
  }

  /** @param ask one request under `/v<version>` */
  async function versioned<T>(call: Call, ask: (prefix: string) => Promise<T>): Promise<T> {
    const used = await version(call);
    try {
      return await ask(`/v${used.version}`);
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 400) throw error;
      // An engine that was replaced by an older one refuses the version of its predecessor.
      negotiated = null;
      const now = await version(call);
      if (now.version !== used.version) return ask(`/v${now.version}`);
      if (now.engine === now.version) throw error;
      throw new ProviderError(
        'unsupported',
        place,
        `the engine speaks API ${now.engine} and refuses ${NEWEST}, the newest that is known here`,
        { cause: error },
      );
    }
  }

  const get = (
    action: Action,
    path: string,
    query: Record<string, unknown> | undefined,
    call: Call,
  ): Promise<unknown> =>
    named(action, () =>
      versioned(call, async (prefix) => parseJson((await raw(prefix + path, query, call)).text, place)),
    );

  return {
    host: place,
    insecure: transport.insecure,
    ping,
    async info(call) {
      const info = await get('GET /info', '/info', undefined, call);
      return { info, podman: negotiated?.podman ?? false };
    },
    containers: (ids, call) =>
      get(LIST, '/containers/json', { all: true, ...(ids ? { filters: { id: ids } } : {}) }, call),
    inspect: (id, call) => get(INSPECT, `/containers/${encodeURIComponent(id)}/json`, undefined, call),
    events: ({ since, until }, call) =>
      named('GET /events', () =>
        versioned(call, async (prefix) => {
          const docker = await transport.docker(call.signal);
          const query = { since: String(since), until: String(until), filters: { type: ['container'] } };
          const request = { path: `${prefix}/events`, query, place, signal: call.signal, idleMs };
          const response = await openStream(docker, request);
          const { statusCode: status = 0, headers } = response;
          if (status === 200) return { events: eventsOf(response, place, call.signal) };
          refuse({ status, headers, text: await readRefusal(response, request) }, place, clock.now());
          throw new ProviderError('bad-reply', place, `expected 200 and events, got ${status}`);
        }),
      ),
    renew() {
      negotiated = null;
      transport.renew();
    },
    close: async () => transport.close(),
  };
}

function refuse(answer: Answer, place: string, now: number): Answer {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  if (status >= 300 && status < 400)
    throw new ProviderError('bad-reply', place, `answered with a redirect (${status}), which is not followed`);
  throw new EngineError(place, status, messageIn(answer.text), { header: headers['retry-after'], now });
}

async function* eventsOf(chunks: AsyncIterable<Buffer>, place: string, signal: AbortSignal): AsyncGenerator<unknown> {
  try {
    for await (const line of lines(chunks, place)) {
      if (jsonDepth(line, MAX_EVENT_DEPTH) > MAX_EVENT_DEPTH)
        throw new ProviderError('bad-reply', place, `sent an event nested deeper than ${MAX_EVENT_DEPTH} levels`);
      yield parseJson(line.toString('utf8'), place);
    }
  } catch (error) {
    const reason = understood(error, { place, signal });
    throw reason instanceof ProviderError ? reason.of('GET /events') : reason;
  }
}
