import { type Call, type Environment, ProviderError, type WatchEvent } from '../contract.ts';
import { withDetailErrors } from '../kit/detail-failure.ts';
import { withHeartbeat } from '../kit/heartbeat.ts';
import { PATHS } from './client.ts';
import { type Reading, startListing } from './listing.ts';
import { mapObjects } from './map.ts';
import type { RawEvent, RawPod } from './raw.ts';
import { text } from './read.ts';
import { StatusError } from './status.ts';

/** Seconds after which the server ends a watch; drawn, so that a thousand watches do not end together. */
const SERVER_TIMEOUT = { from: 240, to: 290 };
/** A server sends a bookmark a minute (seen on 1.36); two and a half of them missing is silence. Far below twice the timeout. */
const SILENCE_MS = 150_000;
/** Two scopes are watched in a cluster: together they connect at most once a second. */
const SPACING_MS = 2000;
const BACKOFF = { baseMs: 1000, maxMs: 30_000 };
/** Connections in a row that brought nothing, about two minutes, before the watch is given up and its scope is unreachable. */
const MAX_FAILURES = 8;
/** Throttling is not failure: the list that follows giving up would cost the server far more than waiting. */
const MAX_THROTTLED = 40;
/** A server behind the one that answered the list catches up in a second or never. */
const MAX_TOO_LARGE = 3;
/** An event that breaks the stream comes again and again; a new list goes round it. */
const MAX_BROKEN = 4;
/** An object that cannot be understood makes its listing incomplete, so it is listed again, but not for each of its changes. */
const UNREADABLE_MS = 300_000;

/**
 * Keeps a scope current as client-go's reflector does: list, then watch from the list's version; a connection that ends or breaks is
 * taken up from the last version seen; `410 Gone`, wherever it comes, lists anew; throttling waits and does not.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchScope(
  open: (call: Call) => Promise<Opened>,
  env: Environment,
  call: Call,
): AsyncGenerator<WatchEvent> {
  const state = { version: '', connectedAt: Number.NEGATIVE_INFINITY, unreadableAt: Number.NEGATIVE_INFINITY };
  for (let fruitless = 0; ; fruitless++) {
    if (fruitless > 0) await backoff(env, call)(fruitless);
    // Asked again for each list: who answers a watch that expired may be another cluster.
    const { reading, release } = await open(call);
    const mended = new AbortController();
    const inner = { signal: AbortSignal.any([call.signal, mended.signal]) };
    try {
      const listing = startListing(reading, call);
      yield { type: 'listing', batches: listing.batches };
      const version = listing.version();
      if (version === undefined) throw listing.failure() ?? new Error('a listing of a watch must be read to its end');
      state.version = version;
      // No event ever makes rows right that were mapped without a table.
      if (reading.part === 'pods')
        reading.lookups.mended(inner).then(
          () => mended.abort(new Mended()),
          () => undefined,
        );
      const reason = yield* follow(reading, state, inner, release, () => {
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
  }
}

/** What could not be looked up can be. */
class Mended extends Error {
  override readonly name = 'Mended';
}

/** A cluster to be read, in a place that is held until its watch is established. */
export interface Opened {
  reading: Reading;
  release(): void;
}

interface Position {
  /** Opaque. */
  version: string;
  connectedAt: number;
  unreadableAt: number;
}

/** Watches until only a new list helps, and says why; throws when the stream cannot be kept. */
async function* follow(
  reading: Reading,
  at: Position,
  call: Call,
  held: (() => void) | null,
  progress: () => void,
): AsyncGenerator<WatchEvent, string> {
  const { env, slots } = reading;
  const wait = backoff(env, call);
  let [failures, throttled, tooLarge, broken] = [0, 0, 0, 0];
  for (;;) {
    const due = at.connectedAt + SPACING_MS + env.random() * 500;
    if (due > env.clock.monotonic()) await env.clock.sleep(due - env.clock.monotonic(), call.signal);
    if (!reading.isCurrent()) return 'replaced';
    const release = held ?? (await slots.enter(failures > 0 ? 'frail' : 'steady', call.signal)).release;
    held = null;
    at.connectedAt = env.clock.monotonic();
    try {
      for await (const event of connection(reading, at.version, release, call)) {
        const said = await understand(reading, event, call);
        [failures, throttled, tooLarge, broken] = [0, 0, 0, 0];
        progress();
        at.version = said.version;
        if (said.unreadable && env.clock.monotonic() - at.unreadableAt >= UNREADABLE_MS) {
          at.unreadableAt = env.clock.monotonic();
          return 'unreadable';
        }
        yield said.event;
      }
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      error.of(`watch ${reading.part}`);
      env.log.debug('watch.interrupted', { cluster: reading.client.name, part: reading.part, kind: error.kind });
      if (error instanceof StatusError && error.expired) return 'expired';
      if (error instanceof StatusError && error.tooLarge) {
        if (++tooLarge >= MAX_TOO_LARGE) return 'too-large';
        await wait(tooLarge, error.retryAfterMs);
      } else if (error.kind === 'rate-limit') {
        if (++throttled >= MAX_THROTTLED) throw error;
        await wait(throttled, error.retryAfterMs);
      } else if (error.kind === 'network' || error.kind === 'timeout' || error.kind === 'bad-reply') {
        if (error.kind === 'bad-reply' && ++broken >= MAX_BROKEN) return 'broken';
        if (++failures >= MAX_FAILURES) throw error;
        await wait(failures, error.retryAfterMs);
      } else throw error;
    }
  }
}

/** One connection; `release` gives back the place in which it was attempted as soon as the server has taken it. */
async function* connection(
  { client, env, part }: Reading,
  version: string,
  release: () => void,
  call: Call,
): AsyncGenerator<RawEvent> {
  const seconds = SERVER_TIMEOUT.from + Math.floor(env.random() * (SERVER_TIMEOUT.to - SERVER_TIMEOUT.from));
  try {
    yield* withHeartbeat(
      (inner) => client.watch(PATHS[part], { resourceVersion: version, timeoutSeconds: seconds }, inner, release),
      { clock: env.clock, limitMs: SILENCE_MS, place: `cluster ${client.name}` },
      call,
    );
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
  if (type === 'BOOKMARK') return { version, event: { type: 'alive' }, unreadable: false };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    throw new ProviderError('bad-reply', where, 'sent a watch event of an unknown type');
  const origin = text(object.metadata?.uid);
  if (type === 'DELETED' && origin !== null)
    return { version, event: { type: 'put', origin, resources: [] }, unreadable: false };
  if (part === 'pods') await lookups.complete([object as RawPod], call);
  const { unreadable, ...rows } = mapObjects(part, [object], place, lookups);
  if (origin === null || unreadable.length > 0) return { version, event: { type: 'alive' }, unreadable: true };
  const errors = rows.unknown ? withDetailErrors(...lookups.errors()) : {};
  return { version, event: { type: 'put', origin, ...rows, ...errors }, unreadable: false };
}

/** Waits before the nth try in a row: at least what the server asked for, else doubling with full jitter, never less than half. */
function backoff(env: Environment, call: Call) {
  return (n: number, hintMs = 0): Promise<void> => {
    const step = Math.min(BACKOFF.maxMs, BACKOFF.baseMs * 2 ** (n - 1));
    return env.clock.sleep(Math.max(hintMs, step / 2 + (env.random() * step) / 2), call.signal);
  };
}
