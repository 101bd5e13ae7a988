import type { Scope } from '#lib/model/index.ts';
import { type Call, ProviderError, type WatchEvent } from '../contract.ts';
import type { Engine } from './engine.ts';
import { type Feed, openFeed } from './feed.ts';
import { type Host, listContainers, listHost, mapped, snapshot } from './listing.ts';
import { idOf } from './map-container.ts';

/** A start is three events within milliseconds; they are one look. */
const SETTLE_MS = 100;
/** Ids in the address of one request; more than these, and the whole list is as cheap. */
const MAX_IDS = 50;
/** How often what sends no events is listed: the engine's own row, and all where events are denied. */
const POLL_MS = 60_000;
/** Polls until denied events are asked for again. */
const POLLS = 15;
const BACKOFF = { baseMs: 1000, maxMs: 30_000 };
/** Connections in a row that brought nothing, about two minutes, before the scope is called unreachable. */
const MAX_FAILURES = 8;
/** A row that cannot be understood makes its listing incomplete, so all are listed again, but not for each of its changes. */
const UNREADABLE_MS = 300_000;

/** The engine's row: nothing tells when it gets more memory, so it is asked. */
export async function* watchHost(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  for (;;) {
    yield* list(host, scope, call);
    await host.env.clock.sleep(POLL_MS, call.signal);
  }
}

/**
 * Keeps the containers of an engine current: subscribes to its events, lists, then looks again at each container that an event names.
 * Events say that something happened, never what is: they may come twice and late. A stream that broke is a gap, and behind a gap
 * everything is listed again: the engine remembers 256 events, and none from before its own start.
 */
export async function* watchContainers(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env } = host;
  let since: number | null = null;
  let failures = 0;
  for (;;) {
    let feed: Feed | null = null;
    try {
      feed = await openFeed(client, env, since, call);
      const engine = yield* list(host, scope, call);
      failures = 0;
      yield* follow(host, scope, engine, feed, call);
    } catch (error) {
      call.signal.throwIfAborted();
      if (error instanceof ListingFailed) throw error.cause;
      if (!(error instanceof ProviderError)) throw error;
      env.log.debug('watch.interrupted', { account: client.host, kind: error.kind });
      since = feed?.until ?? since;
      if (feed === null && (error.kind === 'permission' || error.kind === 'unsupported')) {
        env.log.warn('watch.denied', { account: client.host, kind: error.kind });
        yield* poll(host, scope, call);
        continue;
      }
      if (error.kind === 'auth' && failures === 0) client.renew();
      else if (error.kind === 'permission' || error.kind === 'config' || error.kind === 'auth') throw error;
      if (++failures >= MAX_FAILURES) throw error;
      await env.clock.sleep(pause(failures, error.retryAfterMs, env.random), call.signal);
    } finally {
      feed?.stop();
    }
  }
}

async function* follow(
  host: Host,
  scope: Scope,
  first: Engine,
  feed: Feed,
  call: Call,
): AsyncGenerator<WatchEvent, never> {
  const { clock } = host.env;
  let engine = first;
  let unreadableAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (host.inspections.retryDue()) engine = yield* list(host, scope, call);
    const ids = await feed.next();
    if (ids.length === 0) {
      yield { type: 'alive' };
      continue;
    }
    await clock.sleep(SETTLE_MS, call.signal);
    const all = [...new Set([...ids, ...feed.take()])];
    const { puts, unreadable } = await look(host, scope, engine, all, call);
    yield* puts;
    if (!unreadable) continue;
    if (clock.monotonic() - unreadableAt < UNREADABLE_MS) yield { type: 'alive' };
    else {
      unreadableAt = clock.monotonic();
      engine = yield* list(host, scope, call);
    }
  }
}

/** The rows of these containers as they are now; none of one that is no more. */
async function look(host: Host, scope: Scope, engine: Engine, ids: readonly string[], call: Call) {
  host.inspections.forget(ids);
  const wanted = new Set(ids);
  const rows = await snapshot(host, ids.length > MAX_IDS ? null : ids, call);
  const batch = await mapped(
    host,
    rows.filter((row) => wanted.has(idOf(row) ?? '')),
    engine,
    scope,
    call,
  );
  const failed = new Set(batch.unreadable.map(({ id }) => id));
  const puts: WatchEvent[] = [];
  for (const origin of ids) {
    if (failed.has(origin)) continue;
    const resources = batch.resources.filter((row) => row.origin === origin);
    const { unknown, detailErrors } = batch;
    puts.push({
      type: 'put',
      origin,
      resources,
      ...(unknown ? { unknown } : {}),
      ...(detailErrors ? { detailErrors } : {}),
    });
  }
  return { puts, unreadable: batch.unreadable.length > 0 };
}

/** Where events are denied: lists again and again, for a while. */
async function* poll(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  for (let n = 0; n < POLLS; n++) {
    yield* list(host, scope, call);
    await host.env.clock.sleep(POLL_MS, call.signal);
  }
}

/** A listing broke off; the reader knows it from its batches already. */
class ListingFailed extends Error {
  override readonly name = 'ListingFailed';
}

/** Hands on a listing and, once it was read to its end, returns the engine that it was of. */
async function* list(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent, Engine> {
  let engine: Engine | null = null;
  let failure: unknown = new Error('a listing of a watch must be read to its end');
  const seen = (said: Engine) => {
    engine = said;
  };
  async function* batches() {
    try {
      yield* scope.part === 'host' ? listHost(host, scope, call, seen) : listContainers(host, scope, call, seen);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  yield { type: 'listing', batches: batches() };
  if (engine === null) throw new ListingFailed('', { cause: failure });
  return engine;
}

/** At least what the engine asked for, else doubling with jitter, never less than half. */
function pause(n: number, hintMs = 0, random: () => number): number {
  const step = Math.min(BACKOFF.maxMs, BACKOFF.baseMs * 2 ** (n - 1));
  return Math.max(hintMs, step / 2 + (random() * step) / 2);
}
