import type { Scope } from '#lib/model/index.ts';
import { type Call, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import type { Engine } from '../map/engine.ts';
import { idOf } from '../map/map-container.ts';
import { type Feed, openFeed } from './feed.ts';
import { type Host, listContainers, listHost, mapped, snapshot } from './listing.ts';

/** A start is three events within milliseconds; they are one look. */
const SETTLE_MS = 100;
/** Ids in the address of one request; more than these, and the whole list is as cheap. */
const MAX_IDS = 50;
/** How often what sends no events is listed: the engine's own row, and all where events are denied. */
const POLL_MS = 60_000;
/** Polls until denied events are asked for again. */
const POLLS = 15;
/** A row that cannot be understood makes its listing incomplete, so all are listed again, but not for each of its changes. */
const UNREADABLE_MS = 300_000;

/** The engine's row: nothing tells when it gets more memory, so it is asked, and whenever the stream of its containers breaks. */
export async function* watchHost(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  for (;;) {
    yield* list(host, scope, call);
    await host.broken.wait(POLL_MS, host.env.clock, call.signal);
  }
}

/**
 * Keeps the containers of an engine current: subscribes to its events, lists, then looks again at each container that an event names.
 * Events say that something happened, never what is: they may come twice and late. A stream that broke is a gap, and behind a gap
 * everything is listed again: the engine remembers 256 events, and none from before its own start.
 */
export async function* watchContainers(host: Host, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env } = host;
  for (let renewed = false; ; ) {
    let feed: Feed | null = null;
    try {
      feed = await openFeed(client, env, host.reported, call);
      const engine = yield* list(host, scope, call);
      renewed = false;
      yield* follow(host, scope, engine, feed, call);
    } catch (error) {
      call.signal.throwIfAborted();
      if (error instanceof ListingFailed) throw error.cause;
      if (!(error instanceof ProviderError)) throw error;
      env.log.debug('watch.interrupted', { account: client.host, kind: error.kind });
      host.reported = feed?.until ?? host.reported;
      if (feed === null && (error.kind === 'permission' || error.kind === 'unsupported')) {
        env.log.warn('watch.denied', { account: client.host, kind: error.kind });
        yield* poll(host, scope, call);
      } else if (error.kind === 'auth' && !renewed) {
        client.renew();
        renewed = true;
      } else {
        host.broken.notify();
        throw error;
      }
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
  const { env, doubts } = host;
  const { clock } = env;
  let engine = first;
  let unreadableAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (host.inspections.retryDue()) engine = yield* list(host, scope, call);
    const reported = await feed.next(doubts.dueIn());
    const named = new Set(reported);
    if (named.size > 0) {
      await clock.sleep(SETTLE_MS, call.signal);
      for (const id of feed.take()) named.add(id);
      doubts.forget(named);
    }
    const ids = [...named.union(new Set(doubts.take()))];
    if (ids.length === 0) {
      if (reported) yield { type: 'heartbeat' };
      continue;
    }
    const { upserts, unreadable } = await look(host, scope, engine, ids, call);
    yield* upserts;
    if (!unreadable) continue;
    if (clock.monotonic() - unreadableAt < UNREADABLE_MS) yield { type: 'heartbeat' };
    else {
      unreadableAt = clock.monotonic();
      engine = yield* list(host, scope, call);
    }
  }
}

/**
 * The rows of these containers as they are now; none of one that is no more. The list may lag behind what an event said: inspect has the
 * last word, and where the two differ, or there is no inspect to ask, the container is looked at again.
 */
async function look(host: Host, scope: Scope, engine: Engine, ids: readonly string[], call: Call) {
  const { inspections, doubts, env } = host;
  const began = env.clock.monotonic();
  inspections.forget(ids);
  const wanted = new Set(ids);
  const all = await snapshot(host, ids.length > MAX_IDS ? null : ids, call);
  const rows = all.filter((row) => wanted.has(idOf(row) ?? ''));
  const batch = await mapped(host, rows, engine, scope, call);
  const listed = new Set(rows.map(idOf));
  const known = await inspections.knows(
    ids.filter((id) => !listed.has(id)),
    call,
  );
  const failed = new Set(batch.unreadable.map(({ id }) => id));
  const upserts: WatchEvent[] = [];
  for (const objectId of ids) {
    const latest = inspections.since(objectId, began);
    if (!listed.has(objectId)) doubts.note(objectId, latest === 'gone');
    else if (latest === null) doubts.note(objectId, false);
    if (failed.has(objectId) || known.has(objectId)) continue;
    const resources = latest === 'gone' ? [] : batch.resources.filter((row) => row.objectId === objectId);
    const { unknown, detailErrors } = batch;
    upserts.push({
      type: 'upsert',
      objectId,
      resources,
      ...(unknown ? { unknown } : {}),
      ...(detailErrors ? { detailErrors } : {}),
    });
  }
  return { upserts, unreadable: batch.unreadable.length > 0 };
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
  const seen = (latest: Engine) => {
    engine = latest;
  };
  const batches = scope.part === 'host' ? listHost : listContainers;
  try {
    yield* watchedListing(batches(host, scope, call, seen));
  } catch (error) {
    throw new ListingFailed('', { cause: error });
  }
  if (engine === null) throw new TypeError('a listing names its engine');
  return engine;
}
