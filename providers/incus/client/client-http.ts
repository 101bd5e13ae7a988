import type { Agent } from 'undici';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Clock, ProviderError } from '#providers/contract.ts';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import { statusError } from '#providers/kit/failure.ts';
import { asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { exchangeJson, isOk, type JsonReply } from '#providers/kit/wire/http.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Action } from '../policy.ts';
import { parseAddress } from './address.ts';
import { EVENTS, INSTANCE, type IncusClient, LIST, MEMBERS, PROJECT, RESOURCES, SERVER } from './client.ts';
import { openEvents } from './client-events.ts';
import { dispatcherOf, type TlsFiles } from './dispatcher.ts';

export interface HttpOptions {
  /** As configured; parsed before. */
  host: string;
  tls: TlsFiles | undefined;
  timeoutMs: number;
  clock: Clock;
}

/** Ten thousand instances with their state and snapshots. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A server over its API. */
export function httpClient({ host: place, tls, timeoutMs: idleMs, clock }: HttpOptions): IncusClient {
  const address = parseAddress(place);
  if (typeof address === 'string') throw new ProviderError('config', place, address);
  const base = address.type === 'unix' ? new URL('http://incus') : address.url;
  let agent: Agent | null = null;
  const close = () => {
    agent?.destroy().catch(() => undefined);
    agent = null;
  };
  const held = cachedCredential(tls ? [tls.cert, tls.key, ...(tls.ca ? [tls.ca] : [])] : [], async () => {
    const next = await dispatcherOf(address, tls, place, idleMs);
    close();
    agent = next;
    return next;
  });

  async function dispatcher({ signal }: Call): Promise<Agent> {
    try {
      return await abortable(held.get(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProviderError) throw error;
      const file = error instanceof Error && 'path' in error ? `${error.path} ` : '';
      throw new ProviderError('config', place, `${file}could not be read`, { cause: error });
    }
  }

  function urlOf(path: string, query: Readonly<Record<string, string>>): URL {
    const url = new URL(path, base);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    return url;
  }

  async function ask(url: URL, call: Call): Promise<JsonReply> {
    const limits = { idleMs, totalMs: Math.max(60_000, 3 * idleMs), maxBytes: MAX_BYTES };
    const request = { url, place, signal: call.signal, dispatcher: await dispatcher(call), limits };
    return exchangeJson(request).catch((error: unknown) => {
      throw understood(error, place);
    });
  }

  const get = (action: Action, path: string, query: Readonly<Record<string, string>>, call: Call): Promise<unknown> =>
    named(action, async () => {
      const reply = await ask(urlOf(path, query), call);
      if (!isOk(reply.status)) throw refusal(reply, place, clock.now());
      const body = asRecord(reply.body);
      if (body === null || asString(body.type) !== 'sync')
        throw unexpected(place, "an answer of the API (`type: 'sync'`)", reply.body);
      return body.metadata;
    });

  return {
    host: place,
    local: address.type === 'unix',
    server: (call) => get(SERVER, '/1.0', {}, call),
    members: (call) => get(MEMBERS, '/1.0/cluster/members', { recursion: '1' }, call),
    resources: (member, call) => get(RESOURCES, '/1.0/resources', member === null ? {} : { target: member }, call),
    project: (name, call) =>
      get(PROJECT, `/1.0/projects/${encodeURIComponent(name)}`, {}, call).catch((error: unknown) => {
        if (!(error instanceof Unfound)) throw error;
        const text = `project ${name} is not there, or not shown to this certificate`;
        throw new ProviderError('permission', place, text, { cause: error }).of(PROJECT);
      }),
    instances: (project, call) => get(LIST, '/1.0/instances', { recursion: '2', ...within(project) }, call),
    names: (project, call) => get(LIST, '/1.0/instances', { recursion: '0', ...within(project) }, call),
    instance: (project, name, call) =>
      get(INSTANCE, `/1.0/instances/${encodeURIComponent(name)}`, { recursion: '1', project }, call).catch(
        (error: unknown) => {
          if (error instanceof Unfound) return null;
          throw error;
        },
      ),
    events: (project, call) =>
      named(EVENTS, async () => {
        const url = urlOf('/1.0/events', { type: 'lifecycle', ...within(project) });
        const socket = new URL(url);
        socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
        // What was refused says why only to a request that is none for a stream.
        const why = () => checkEvents(url, call);
        return openEvents({ url: socket, place, dispatcher: await dispatcher(call), idleMs, why }, call);
      }),
    checkEvents: (project, call) =>
      named(EVENTS, () => checkEvents(urlOf('/1.0/events', { type: 'lifecycle', ...within(project) }), call)),
    renew: () => held.drop(),
    close: async () => close(),
  };

  /** A server that would send events answers 400 to whoever does not ask for a WebSocket, after it has looked at the rights. */
  async function checkEvents(url: URL, call: Call): Promise<void> {
    const reply = await ask(url, call);
    if (isOk(reply.status) || reply.status === 400) return;
    throw refusal(reply, place, clock.now());
  }
}

const within = (project: string | null): Record<string, string> =>
  project === null ? { 'all-projects': 'true' } : { project };

/** The server itself says that there is nothing of this name; a proxy in front of it may say 404 too, but not in its words. */
class Unfound extends ProviderError {}

function refusal(reply: JsonReply, place: string, now: number): ProviderError {
  const body = asRecord(reply.body);
  const own = asString(body?.type) === 'error' && asNumber(body?.error_code) === reply.status;
  const text = own ? excerpt(asString(body?.error) ?? '') : reply.excerpt;
  const message = `answered ${reply.status}${text ? `: ${text}` : ''}`;
  if (own && reply.status === 404) return new Unfound('unsupported', place, message);
  const restricted = own && reply.status === 403 && /restricted/i.test(text);
  return statusError(reply, place, now, {
    message: restricted ? `${message}; name the projects that it may see in projects` : message,
  });
}

/** What is wrong with a socket, in words that say what to do. */
function understood(error: unknown, place: string): unknown {
  const code = codeOf(error);
  if (!place.startsWith('unix://')) return error;
  if (code === 'EACCES' || code === 'EPERM')
    return new ProviderError(
      'permission',
      place,
      'this process may not open the socket: give it the group of the socket (incus-admin, lxd)',
      { cause: error },
    );
  if (code === 'ENOENT')
    return new ProviderError('network', place, 'there is no such socket; is the server running?', { cause: error });
  return error;
}

function codeOf(error: unknown): unknown {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = 'cause' in at ? at.cause : null;
  }
  return undefined;
}
