import type { Resource, Scope } from '#lib/model/index.ts';
import { type Call, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { each } from '#providers/kit/each.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { INSTANCE } from '../client/client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { idOf } from '../map/map-instance.ts';
import type { Feed } from './feed.ts';
import { listInstances, listMembers, mapped, type Presence, present } from './listing.ts';
import { type Share, shareOf } from './share.ts';
import { createUnsettled, isOn, isSettled } from './unsettled.ts';

/** A restart is several events within milliseconds; they are one look. */
const SETTLE_MS = 50;
/** More than these at once, and the whole list is as cheap. */
const MANY = 50;
/** Looks at once. */
const AT_ONCE = 4;
/** Members say nothing when they go offline, which takes 20 s: they are asked. Sooner where the stream of events breaks or tells of them. */
const MEMBERS_MS = 30_000;
/** Who answers, and whether the member is there: the sign of life of a day without events. */
const BEAT_MS = 30_000;
/** What no event tells of is seen after this at the latest. */
const RELIST_MS = 900_000;
/** How often all is listed where events are denied, and how many times until they are asked for again. */
const POLL_MS = 60_000;
const POLLS = 15;
/** A row that cannot be understood makes its listing incomplete, so all are listed again, but not for each of its changes. */
const UNREADABLE_MS = 300_000;

export async function* watchMembers(cluster: Cluster, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  for (;;) {
    yield* watchedListing(listMembers(cluster, scope, call));
    await cluster.broken.wait(MEMBERS_MS, cluster.env.clock, call.signal);
  }
}

/**
 * Keeps the instances of a share current: subscribes to the events of its cluster, lists, then looks again at each instance that an event names,
 * by what the server says of that one. A stream that broke is a gap: it is thrown, and behind it everything is listed again.
 */
export async function* watchInstances(cluster: Cluster, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  const share = shareOf(scope);
  const { env } = cluster;
  for (;;) {
    let feed: Feed | null = null;
    try {
      feed = await cluster.feeds.open(share.project, call);
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError) || (error.kind !== 'permission' && error.kind !== 'unsupported'))
        throw error;
      env.log.warn('watch.denied', { account: cluster.account, kind: error.kind });
    }
    if (feed === null) {
      yield* poll(cluster, scope, call);
      continue;
    }
    try {
      yield* follow(cluster, scope, share, feed, call);
    } finally {
      feed.stop();
    }
  }
}

async function* follow(
  cluster: Cluster,
  scope: Scope,
  share: Share,
  feed: Feed,
  call: Call,
): AsyncGenerator<WatchEvent, never> {
  const { clock } = cluster.env;
  const unsettled = createUnsettled(clock);
  const known = new Set<string>();
  let presence: Presence | null = null;
  let beatAt = 0;
  let relistAt = 0;
  let unreadableAt = Number.NEGATIVE_INFINITY;

  /** Everything anew. What was named until now is in it. */
  async function* relist(): AsyncGenerator<WatchEvent> {
    const since = cluster.lists.tick();
    feed.take();
    feed.doubt();
    const read = (project: string | null, by: Call) => cluster.lists.after(since, project, by);
    const seen = (at: Presence, rows: readonly unknown[]) => {
      presence = at;
      known.clear();
      for (const row of rows) {
        const objectId = idOf(row);
        if (objectId === null) continue;
        known.add(objectId);
        if (!isSettled(row)) unsettled.note(objectId, false);
      }
    };
    yield* watchedListing(listInstances(cluster, scope, call, read, seen));
    beatAt = clock.monotonic() + BEAT_MS;
    relistAt = clock.monotonic() + RELIST_MS;
  }

  /** Those of the events that may be about an instance of this share. */
  function wanted(): string[] {
    const names = [...feed.take()].filter(
      ([objectId, { locations, moved }]) =>
        share.member === null || known.has(objectId) || moved || locations.has(share.member),
    );
    return names.map(([objectId]) => objectId);
  }

  yield* relist();
  for (;;) {
    const now = clock.monotonic();
    await feed.next(Math.max(0, Math.min(unsettled.dueIn(), beatAt - now, relistAt - now)));
    if (feed.doubt() || clock.monotonic() >= relistAt) {
      yield* relist();
      continue;
    }
    const changed = new Set(wanted());
    if (changed.size > 0) {
      await clock.sleep(SETTLE_MS, call.signal);
      for (const objectId of wanted()) changed.add(objectId);
      for (const objectId of changed) unsettled.forget(objectId);
    }
    const objectIds = [...changed.union(new Set(unsettled.take()))];
    if (objectIds.length > MANY) {
      yield* relist();
      continue;
    }
    if (clock.monotonic() >= beatAt) {
      const failed = presence?.error ?? null;
      presence = await present(cluster, scope, call);
      beatAt = clock.monotonic() + BEAT_MS;
      // That a call works again is told by a listing, which has no errors.
      if (failed && !presence.error) {
        yield* relist();
        continue;
      }
      if (objectIds.length === 0) yield { type: 'heartbeat' };
    }
    if (objectIds.length === 0 || presence === null) continue;
    const rows = await look(cluster, objectIds, call);
    let unreadable = false;
    for (const [objectId, row] of rows) {
      const here = row !== null && isOn(row, share.member);
      const resources: Resource[] = [];
      const more: Partial<Extract<WatchEvent, { type: 'upsert' }>> = {};
      if (here) {
        const batch = await mapped(cluster, presence.place, [row], scope, call);
        if (batch.unreadable.length > 0) {
          unreadable = true;
          unsettled.note(objectId, true);
          continue;
        }
        resources.push(...batch.resources);
        if (batch.unknown) more.unknown = batch.unknown;
        if (batch.detailErrors) more.detailErrors = batch.detailErrors;
      }
      // What came from another member is that one's row until it has told that it went: it is said twice.
      const arrived = here && share.member !== null && !known.has(objectId);
      unsettled.note(objectId, !here || (!arrived && isSettled(row)));
      if (here) known.add(objectId);
      else if (!known.delete(objectId) && share.member !== null) continue;
      yield { type: 'upsert', objectId, resources, ...more };
    }
    if (!unreadable) continue;
    if (clock.monotonic() - unreadableAt < UNREADABLE_MS) yield { type: 'heartbeat' };
    else {
      unreadableAt = clock.monotonic();
      yield* relist();
    }
  }
}

/** What the server says of each; null of one that is no more. */
async function look(cluster: Cluster, objectIds: readonly string[], call: Call): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  const answers = each(objectIds, AT_ONCE, async (objectId) => {
    const at = objectId.indexOf('/');
    const [project, name] = [objectId.slice(0, at), objectId.slice(at + 1)];
    const row = await retry(cluster.env, call, () =>
      cluster.use(async (client) => {
        const answer = await client.instance(project, name, call);
        if (answer !== null && asString(asRecord(answer)?.name) !== name)
          throw unexpected(client.host, 'the instance of this name', asString(asRecord(answer)?.name) ?? answer).of(
            INSTANCE,
          );
        return answer;
      }),
    );
    // Older servers leave the project of a single instance to whoever asked.
    return [objectId, row === null ? null : { project, ...asRecord(row) }] as const;
  });
  for await (const [objectId, row] of answers) rows.set(objectId, row);
  return rows;
}

/** Where events are denied: lists again and again, for a while. */
async function* poll(cluster: Cluster, scope: Scope, call: Call): AsyncGenerator<WatchEvent> {
  for (let n = 0; n < POLLS; n++) {
    yield* watchedListing(listInstances(cluster, scope, call));
    await cluster.env.clock.sleep(POLL_MS, call.signal);
  }
}
