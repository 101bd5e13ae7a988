import { setImmediate } from 'node:timers/promises';
import { type Agent, request } from 'undici';
import { abortable } from '#lib/runtime/abort.ts';
import { readBounded } from '#lib/runtime/bounded-body.ts';
import { type Call, type Clock, ProviderError } from '#providers/contract.ts';
import { toProviderError } from '#providers/kit/failure.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { exchangeJson, parseJson } from '#providers/kit/wire/http.ts';
import { jsonDepth } from '#providers/kit/wire/json-depth.ts';
import { lines } from '#providers/kit/wire/lines.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { createPool } from '../clusters/pool.ts';
import type { RawEvent, RawList, RawObject } from '../map/raw.ts';
import { RefusedAddress, type Resolve } from './address.ts';
import { type ClusterClient, OPENED, type PageQuery, type WatchQuery } from './client.ts';
import type { CredentialSource, Credentials } from './client-credentials.ts';
import { StatusError } from './status.ts';

export interface ClusterOptions {
  context: string;
  name: string;
  /** `https://host:6443`, also with a path. */
  server: string;
  insecure: boolean;
  credentials: CredentialSource;
  clock: Clock;
  /** For one list or read. */
  timeoutMs: number;
  /** How names become addresses; default is the system's way. What comes out is looked at in any case. */
  resolve?: Resolve;
}

// https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_DEPTH = 64;
const QUICK_MS = 5_000;

/** The API of one cluster over raw JSON: reads only, one pool of connections, a credential that is fresh for each request. */
export function httpClient(options: ClusterOptions): ClusterClient {
  const { server, credentials, clock, timeoutMs } = options;
  const place = `cluster ${options.name}`;
  const pool = createPool(options.insecure, options.resolve);

  async function credentialsNow(call: Call): Promise<Credentials> {
    try {
      return await abortable(credentials.current(call), call.signal);
    } catch (error) {
      call.signal.throwIfAborted();
      // A cloud that gives no token says why.
      if (error instanceof ProviderError) throw error;
      // Not the reason's own words: a command's output and a file's name may hold anything.
      throw new ProviderError(
        'auth',
        place,
        'its credential could not be obtained (exec command, token file or certificate)',
      );
    }
  }

  /** Once more with a new credential where the server refuses the one at hand. */
  async function renewing<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 401) throw error;
      credentials.renew();
      return attempt();
    }
  }

  async function get(path: string, accept: string, call: Call, quick = false): Promise<unknown> {
    const { headers, tls } = await credentialsNow(call);
    const limitMs = quick ? Math.min(timeoutMs, QUICK_MS) : timeoutMs;
    const ask = (dispatcher: Agent) =>
      exchangeJson({
        url: server + path,
        place,
        signal: call.signal,
        dispatcher,
        headers: { ...headers, accept },
        limits: { idleMs: limitMs, totalMs: limitMs },
      });
    const reply = await (quick ? pool.once(tls, ask, call.signal) : ask(pool.dispatcher(tls))).catch(
      (error: unknown) => {
        call.signal.throwIfAborted();
        throw connectionError(error);
      },
    );
    // A connection may be used again from the next turn on: a request that follows at once would open another.
    await setImmediate();
    if (reply.status >= 200 && reply.status < 300) return reply.body;
    throw new StatusError(place, reply.status, reply.body, { header: reply.headers['retry-after'], now: clock.now() });
  }

  return {
    context: options.context,
    name: options.name,
    insecure: options.insecure,

    async ready(call) {
      await credentialsNow(call).catch(() => call.signal.throwIfAborted());
    },

    async uid(call, quick = false) {
      const path = '/api/v1/namespaces/kube-system';
      const asked = () => renewing(() => get(path, METADATA, call, quick));
      const namespace = asRecord(await named('get namespaces/kube-system', asked));
      const uid = asString(asRecord(namespace?.metadata)?.uid);
      if (uid === null) throw unexpected(place, 'the namespace kube-system with its uid', namespace);
      return uid;
    },

    async page(path, query, call) {
      const accept = query.metadataOnly ? METADATA_LIST : 'application/json';
      return asList(await get(`${path}?${pageParameters(query)}`, accept, call), place);
    },

    async *watch(path, query, call) {
      const stream = await renewing(() => connect(`${path}?${watchParameters(query)}`, call));
      try {
        yield { type: OPENED, object: {} };
        for await (const line of lines(stream.body, place)) yield asEvent(line, place);
      } catch (error) {
        call.signal.throwIfAborted();
        throw toProviderError(error, place);
      } finally {
        stream.body.destroy();
      }
    },

    renew: () => credentials.renew(),
    close: () => pool.close(),
  };

  /** An address that must not be connected to is a matter of the kubeconfig, not of the network. */
  function connectionError(error: unknown): ProviderError {
    const mapped = toProviderError(error, place);
    return mapped.cause instanceof RefusedAddress ? new ProviderError('config', place, mapped.cause.message) : mapped;
  }

  async function connect(path: string, call: Call) {
    const { headers, tls } = await credentialsNow(call);
    try {
      const reply = await request(server + path, {
        method: 'GET',
        headers: { ...headers, accept: 'application/json' },
        dispatcher: pool.dispatcher(tls),
        signal: call.signal,
        headersTimeout: timeoutMs,
        // A quiet watch is legal; whether it lives is judged by the age of its last event or bookmark.
        bodyTimeout: 0,
      });
      // Closing a body that nobody reads any more must not be an unhandled error.
      reply.body.on('error', () => undefined);
      if (reply.statusCode === 200) return reply;
      const { bytes } = await readBounded(reply.body, MAX_ERROR_BYTES);
      throw new StatusError(place, reply.statusCode, maybeJson(bytes), {
        header: reply.headers['retry-after'],
        now: clock.now(),
      });
    } catch (error) {
      call.signal.throwIfAborted();
      throw connectionError(error);
    }
  }
}

function pageParameters(query: PageQuery): URLSearchParams {
  const parameters = new URLSearchParams({ limit: String(query.limit) });
  if (query.continue) parameters.set('continue', query.continue);
  if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
  return parameters;
}

const watchParameters = (query: WatchQuery): URLSearchParams =>
  new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: query.resourceVersion,
    timeoutSeconds: String(query.timeoutSeconds),
  });

/**
 * A list without rows is `"items": null` where Go never put one in (metadata-only lists of 1.36). What has no items, or no kind and metadata
 * of a list around that null, is no empty list.
 */
function asList(body: unknown, place: string): RawList<RawObject> {
  const answer = asRecord(body);
  const metadata = asRecord(answer?.metadata);
  const isEmpty = answer?.items === null && metadata !== null && asString(answer.kind)?.endsWith('List') === true;
  const items = isEmpty ? [] : answer?.items;
  const resourceVersion = asString(metadata?.resourceVersion);
  if (!Array.isArray(items))
    throw unexpected(place, 'a list with items', answer && 'items' in answer ? answer.items : body);
  if (resourceVersion === null) throw unexpected(place, 'a list with a resourceVersion', answer?.metadata);
  return { items: items as RawObject[], resourceVersion, next: asString(metadata?.continue) ?? undefined };
}

function asEvent(line: Buffer, place: string): RawEvent {
  if (jsonDepth(line, MAX_DEPTH) > MAX_DEPTH)
    throw new ProviderError('bad-reply', place, `sent a watch event nested deeper than ${MAX_DEPTH} levels`);
  const event = asRecord(parseJson(line.toString('utf8'), place));
  const type = asString(event?.type);
  const object = asRecord(event?.object);
  if (type === null || type === OPENED || object === null)
    throw unexpected(place, 'a watch event with type and object', event);
  return { type, object: object as RawEvent['object'] };
}

function maybeJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
