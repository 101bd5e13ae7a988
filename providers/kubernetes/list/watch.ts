import { backoff } from '#lib/runtime/backoff.ts';
import { type Call, type Environment, ProviderError, type WatchCall, type WatchEvent } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import { withHeartbeat } from '#providers/kit/wire/heartbeat.ts';
import { type ClusterClient, OPENED, PATHS } from '../client/client.ts';
import { StatusError } from '../client/status.ts';
import { mapObjects } from '../map/map.ts';
import type { RawEvent, RawPod } from '../map/raw.ts';
import { text } from '../map/read.ts';
import { type Reading, startListing } from './listing.ts';

/** Seconds after which the server ends a watch; drawn, so that a thousand watches do not end together. */
const SERVER_TIMEOUT = { from: 240, to: 290 };
/** A server sends a bookmark a minute (seen on 1.36); two and a half of them missing is silence. Far below twice the timeout. */
const SILENCE_MS = 150_000;
/** Two scopes are watched in a cluster: together they connect at most once a second. */
const SPACING_MS = 2000;
const PAUSES = { firstMs: 1000, longestMs: 30_000, jitter: 'equal' } as const;
/** A server behind the one that answered the list catches up in a second or never. */
const MAX_TOO_LARGE = 3;
/** An event that breaks the stream comes again and again; a new list goes round it. */
const MAX_BROKEN = 4;
/** An object that cannot be understood makes its listing incomplete, so it is listed again, but not for each of its changes. */
const UNREADABLE_MS = 300_000;

/** Where the watch of a scope stands; outlives the session that broke, for the next to go on from. */
export interface Position {
  /** Who said the version; null where only a list helps. */
  client: ClusterClient | null;
  /** Opaque. */
  version: string;
  /** Monotonic. */
  connectedAt: number;
  unreadableAt: number;
  /** Streams in a row that broke without having brought anything. */
  broken: number;
}

export const nowhere = (): Position => ({
  client: null,
  version: '',
  connectedAt: Number.NEGATIVE_INFINITY,
  unreadableAt: Number.NEGATIVE_INFINITY,
  broken: 0,
});

/**
 * Keeps a scope current as client-go's reflector does: list, then watch from the list's version. A connection that ends in its time goes on
 * from the last version seen, and so does the session behind one that broke or was throttled; `410 Gone`, wherever it comes, lists anew.
 * @param at moved on as the scope is read
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchScope(
  open: (call: Call) => Promise<Opened>,
  at: Position,
  env: Environment,
  call: WatchCall,
): AsyncGenerator<WatchEvent> {
  let resumes = call.resume === true;
  for (let fruitless = 0; ; fruitless++) {
    if (fruitless > 0) await pause(env, call)(fruitless);
    // Asked again for each list and behind each break: who answers now may be another cluster.
    const { reading, release } = await open(call);
    const mended = new AbortController();
    const inner = { signal: AbortSignal.any([call.signal, mended.signal]) };
    try {
      const goesOn = resumes && at.client === reading.client;
      if (!goesOn) yield* list(reading, at, call);
      // No event ever makes rows right that were mapped without a table.
      if (reading.part === 'pods')
        reading.lookups.mended(inner).then(
          () => mended.abort(new Mended()),
          () => undefined,
        );
      const reason = yield* follow(reading, at, inner, { release, goesOn }, () => {
        fruitless = 0;
      });
      env.log.info('watch.relisting', { cluster: reading.client.name, part: reading.part, reason });
    } catch (error) {
      if (!(error instanceof Mended)) throw error;
      env.log.info('watch.relisting', { cluster: reading.client.name, part: reading.part, reason: 'details' });
    } finally {
      mended.abort(new Mended());
      release();
    }
    resumes = false;
  }
}

/** What could not be looked up can be. */
class Mended extends Error {
  override readonly name = 'Mended';
}

/** A cluster to be read, with a permit that is held until its watch is established. */
export interface Opened {
  reading: Reading;
  release(): void;
}

/** The reader has taken the listing once it asks on: only then there is something to go on from. */
async function* list(reading: Reading, at: Position, call: Call): AsyncGenerator<WatchEvent> {
  at.client = null;
  const listing = startListing(reading, call);
  yield* watchedListing(listing.batches);
  const version = listing.version();
  if (version === undefined) throw new TypeError('a listing has a version');
  at.version = version;
  at.client = reading.client;
}

/**
 * Watches until only a new list helps, and says why. Throws what breaks the stream.
 * @param first the permit that is held for the first connection, and whether that takes up a watch that broke
 */
async function* follow(
  reading: Reading,
  at: Position,
  call: Call,
  first: { release(): void; goesOn: boolean },
  progress: () => void,
): AsyncGenerator<WatchEvent, string> {
  const { env, semaphore } = reading;
  let held: (() => void) | null = first.release;
  let heartbeatDue = first.goesOn;
  let tooLarge = 0;
  for (;;) {
    const due = at.connectedAt + SPACING_MS + env.random() * 500;
    if (due > env.clock.monotonic()) await env.clock.sleep(due - env.clock.monotonic(), call.signal);
    if (!reading.isCurrent()) return 'replaced';
    const release: () => void = held ?? (await semaphore.acquire('steady', call.signal)).release;
    held = null;
    at.connectedAt = env.clock.monotonic();
    try {
      for await (const event of connection(reading, at.version, release, call)) {
        if (event.type === OPENED) {
          if (heartbeatDue) yield { type: 'heartbeat' };
          heartbeatDue = false;
          continue;
        }
        const result = await understand(reading, event, call);
        tooLarge = at.broken = 0;
        progress();
        if (result.unreadable && env.clock.monotonic() - at.unreadableAt >= UNREADABLE_MS) {
          at.unreadableAt = env.clock.monotonic();
          return 'unreadable';
        }
        yield result.event;
        at.version = result.version;
      }
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      error.of(`watch ${reading.part}`);
      env.log.debug('watch.interrupted', { cluster: reading.client.name, part: reading.part, kind: error.kind });
      if (error instanceof StatusError && error.expired) return 'expired';
      if (error instanceof StatusError && error.tooLarge) {
        if (++tooLarge >= MAX_TOO_LARGE) return 'too-large';
        await pause(env, call)(tooLarge, error.retryAfterMs);
      } else if (error.kind === 'bad-reply' && ++at.broken >= MAX_BROKEN) {
        at.broken = 0;
        return 'broken';
      } else {
        if (error.kind !== 'rate-limit') reading.failed(error);
        throw error;
      }
    }
  }
}

/** One connection; `release` gives back the permit with which it was attempted as soon as the server has taken it. */
async function* connection(
  { client, env, part }: Reading,
  version: string,
  release: () => void,
  call: Call,
): AsyncGenerator<RawEvent> {
  const seconds = SERVER_TIMEOUT.from + Math.floor(env.random() * (SERVER_TIMEOUT.to - SERVER_TIMEOUT.from));
  try {
    const events = withHeartbeat(
      (inner) => client.watch(PATHS[part], { resourceVersion: version, timeoutSeconds: seconds }, inner),
      { clock: env.clock, limitMs: SILENCE_MS, place: `cluster ${client.name}` },
      call,
    );
    for await (const event of events) {
      if (event.type === OPENED) release();
      yield event;
    }
  } finally {
    release();
  }
}

/** What an event says. Its version counts only once it was understood: a failure on the way has it sent again. */
async function understand(
  { client, lookups, place, part }: Reading,
  { type, object }: RawEvent,
  call: Call,
): Promise<{ version: string; event: WatchEvent; unreadable: boolean }> {
  const where = `cluster ${client.name}`;
  if (type === 'ERROR') throw new StatusError(where, object.code ?? 500, object);
  const version = text(object.metadata?.resourceVersion);
  if (version === null) throw new ProviderError('bad-reply', where, 'sent a watch event without a resourceVersion');
  if (type === 'BOOKMARK') return { version, event: { type: 'heartbeat' }, unreadable: false };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    throw new ProviderError('bad-reply', where, 'sent a watch event of an unknown type');
  const objectId = text(object.metadata?.uid);
  if (type === 'DELETED' && objectId !== null)
    return { version, event: { type: 'upsert', objectId, resources: [] }, unreadable: false };
  if (part === 'pods') await lookups.complete([object as RawPod], call);
  const { unreadable, ...rows } = mapObjects(part, [object], place, lookups);
  if (objectId === null || unreadable.length > 0) return { version, event: { type: 'heartbeat' }, unreadable: true };
  const errors = rows.unknown ? withDetailErrors(...lookups.errors()) : {};
  return { version, event: { type: 'upsert', objectId, ...rows, ...errors }, unreadable: false };
}

/** Waits before the nth try in a row: at least what the server asked for. */
function pause(env: Environment, call: Call) {
  return (n: number, hintMs = 0): Promise<void> => {
    const wait = backoff(n - 1, PAUSES, () => env.random());
    return env.clock.sleep(Math.max(hintMs, wait), call.signal);
  };
}
