import type { Batch } from '#lib/model/index.ts';
import { createNotifier, type Notifier, waitAtMost } from '#lib/runtime/notifier.ts';
import type { Call, WatchEvent } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import { hostOf } from '../map/host.ts';
import { hostResource } from '../map/map-host.ts';
import { type Inbox, listen } from './inbox.ts';
import { type Known, memory } from './known.ts';
import { enumerate, listDomains, type Reading, sameHost } from './listing.ts';

/** How long a child that connects may hold up the listing it precedes. */
const CONNECT_MS = 10_000;
/** Events of one change come within milliseconds of each other. */
const SETTLE_MS = 250;
/** Whether all is as it is known: the first time soon, for what happened while the listing ran. */
const FIRST_CHECK_MS = 10_000;
const CHECK_MS = 60_000;
/** Changes that no event tells of (or whose event was lost) are seen after this at the latest. */
const RELIST_MS = 900_000;
const RELIST_WITHOUT_EVENTS_MS = 300_000;
/** Two listings of one watch are so far apart at least. */
const SPACING_MS = 5000;
/** A child that ends sooner than this is none that can be kept; this often in a row, and it is left alone for a while. */
const SHORT_MS = 30_000;
const MAX_SHORT = 3;
const LEAVE_ALONE_MS = 900_000;
/** More domains than this at once are listed, not described one by one. */
const MANY = 200;

/** What the watches of one connection know together and from session to session. */
export interface Ties {
  broken: Notifier;
  /** Children in a row that ended soon. */
  short: number;
  /** Monotonic; until then none is started. */
  silentUntil: number;
}

export const createTies = (): Ties => ({ broken: createNotifier(), short: 0, silentUntil: Number.NEGATIVE_INFINITY });

/**
 * Keeps the domains current: libvirt's events say whose row to read again, an enumeration a minute says whether any was missed, and
 * whenever there is a doubt everything is listed anew. Events that end since the connection broke are thrown as what broke it. Where there are no events (VirtualBox, ESX, VMware) the enumeration is all.
 */
export async function* watchDomains(reading: Reading, ties: Ties, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env } = reading;
  const { clock } = env;
  for (;;) {
    const began = clock.monotonic();
    const stop = new AbortController();
    const inner = { signal: AbortSignal.any([call.signal, stop.signal]) };
    const inbox = began < ties.silentUntil ? null : listen(client, clock, inner);
    try {
      if (inbox) await waitAtMost(inbox.connected, CONNECT_MS, clock, call.signal);
      let known: Known | null = null;
      const listed = listDomains(reading, call, (seen, rows) => {
        known = memory(seen, rows);
      });
      yield* watchedListing(listed);
      if (!known) throw new TypeError('a listing tells what it saw');
      const reason = yield* follow(reading, known, inbox, call);
      env.log.debug('watch.relisting', { scope: reading.scope.id, reason });
    } finally {
      stop.abort();
    }
    call.signal.throwIfAborted();
    if (inbox?.over != null) {
      const unsupported = inbox.over !== true && inbox.over.kind === 'unsupported';
      ties.short = clock.monotonic() - began < SHORT_MS ? ties.short + 1 : 0;
      if (unsupported || ties.short >= MAX_SHORT) {
        ties.silentUntil = clock.monotonic() + LEAVE_ALONE_MS;
        ties.short = 0;
        env.log.info('watch.without-events', { scope: reading.scope.id, unsupported });
      }
      if (inbox.over !== true && (inbox.over.kind === 'network' || inbox.over.kind === 'timeout')) {
        ties.broken.notify();
        throw inbox.over;
      }
    }
    const rest = began + SPACING_MS - clock.monotonic();
    if (rest > 0) await clock.sleep(rest, call.signal);
  }
}

/** Follows until only a new listing helps, and says why. */
async function* follow(
  reading: Reading,
  known: Known,
  inbox: Inbox | null,
  call: Call,
): AsyncGenerator<WatchEvent, string> {
  const { clock, random } = reading.env;
  const listed = clock.monotonic();
  const relistAt = listed + (inbox ? RELIST_MS : RELIST_WITHOUT_EVENTS_MS) * (1 + random() / 10);
  let checkAt = listed + (inbox ? FIRST_CHECK_MS : CHECK_MS);
  for (;;) {
    const wait = Math.min(checkAt, relistAt) - clock.monotonic();
    if (inbox) await inbox.news(wait);
    else await clock.sleep(Math.max(0, wait), call.signal);
    call.signal.throwIfAborted();
    if (inbox?.over != null) return 'events ended';
    if (inbox?.doubt) return 'doubt';
    const first = inbox?.take() ?? [];
    if (first.length > 0) {
      await clock.sleep(SETTLE_MS, call.signal);
      const uuids = known.uuidsOf([...first, ...(inbox?.take() ?? [])]);
      if (!uuids) return 'a new name';
      if (uuids.length > MANY) return 'many changes';
      if (!(yield* known.refresh(reading, uuids, call))) return 'unreadable';
    }
    if (clock.monotonic() >= relistAt) return 'due';
    if (clock.monotonic() < checkAt) continue;
    const changed = known.compare(await enumerate(reading, call));
    if (changed.length > MANY) return 'many changes';
    if (changed.length === 0) yield { type: 'heartbeat' };
    else if (!(yield* known.refresh(reading, changed, call))) return 'unreadable';
    checkAt = clock.monotonic() + CHECK_MS;
  }
}

/** A hypervisor changes so rarely that asking once a minute is watching it, and whenever the events of its domains break off. */
export async function* watchHost(reading: Reading, { broken }: Ties, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env, scope } = reading;
  const read = async () => {
    const answer = await retry(env, call, () => client.host(call));
    return hostResource(sameHost(hostOf(answer, client.uri), scope, client), answer.nodeinfo, scope);
  };
  let last = '';
  async function* batches(): AsyncGenerator<Batch> {
    const row = await read();
    last = JSON.stringify(row);
    yield { resources: [row], unreadable: [] };
  }
  yield* watchedListing(batches());
  for (;;) {
    await broken.wait(CHECK_MS, env.clock, call.signal);
    const row = await read();
    const text = JSON.stringify(row);
    if (text === last) yield { type: 'heartbeat' };
    else yield { type: 'upsert', objectId: row.objectId, resources: [row] };
    last = text;
  }
}
