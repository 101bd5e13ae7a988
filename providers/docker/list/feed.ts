import { waitAtMost } from '#lib/runtime/notifier.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { withHeartbeat } from '#providers/kit/wire/heartbeat.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { DockerClient } from '../client/client.ts';

/**
 * Seconds after which the engine is asked to end the stream. It sends nothing on a quiet day, so a connection that was cut without a word
 * looks like one: the end that comes in time is the sign of life. Below the minute after which proxies cut what is quiet.
 */
const WINDOW_S = 45;
/** An end later than this is none. */
const GRACE_MS = 20_000;
/** What happens while two windows change is asked for again, and so is the second that the engine's clock may round. */
const OVERLAP_S = 2;
/** As far back the first window begins: what happened just before may not be in the list yet, which is read behind it. */
const LOOK_BACK_S = 5;
/** A beginning that lies further in the engine's future is one of before its clock was set back; none is refused for the rounding of seconds. */
const SKEW_S = 5;
/** Longer than this between two windows is a gap: the engine keeps its last 256 events only. */
const MAX_CHANGE_MS = 5000;

/** What is done inside of a container or with its streams changes nothing that a row shows. */
const SILENT = /^(exec_|attach|detach|resize|top|copy|archive-path|export|commit)/;

/** What an engine tells of its containers, gathered until it is taken. */
export interface Feed {
  /**
   * Ids that events named since the last call, once there are some; none for a sign of life. Throws when the stream broke.
   * @param ms waits so long at most, and says null then
   */
  next(ms: number): Promise<readonly string[] | null>;
  /** Ids that were named meanwhile. */
  take(): readonly string[];
  /** Second of the engine's clock up to which everything was told. */
  readonly until: number;
  stop(): void;
}

/**
 * Subscribes to the events of containers and keeps on, window by window.
 * @param since second of the engine's clock from which on to tell what the engine still knows; null for from now on
 * @throws ProviderError where the engine does not subscribe us
 */
export async function openFeed(
  client: DockerClient,
  env: Environment,
  since: number | null,
  call: Call,
): Promise<Feed> {
  const { clock } = env;
  const stop = new AbortController();
  const inner: Call = { signal: AbortSignal.any([call.signal, stop.signal]) };
  let named = new Set<string>();
  let news = Promise.withResolvers<void>();
  let hasNews = false;
  const emit = () => {
    hasNews = true;
    news.resolve();
  };
  let broken: { error: unknown } | null = null;
  let begins = since;
  let subscribed = false;

  /** One window; resolves at its end. @param opened called when the engine has subscribed us */
  async function window(opened: () => void): Promise<void> {
    const at = clock.monotonic();
    const engineNow = Math.floor(((await client.ping(inner)) ?? clock.now()) / 1000);
    if (begins !== null && begins > engineNow + SKEW_S) {
      begins = null;
      // What is asked for when the stream is taken up stands before a list; between two windows there is none.
      if (subscribed) throw new ProviderError('network', client.host, 'set its clock back: who knows what was missed');
    }
    const span = { since: begins ?? engineNow - LOOK_BACK_S, until: engineNow + WINDOW_S };
    const stream = withHeartbeat(
      async function* (by: Call) {
        const { events } = await client.events(span, by);
        opened();
        yield* events;
      },
      { clock, limitMs: WINDOW_S * 1000 + GRACE_MS, place: client.host },
      inner,
    );
    for await (const event of stream) note(event);
    if (clock.monotonic() - at < (WINDOW_S - 2) * 1000)
      throw new ProviderError('network', client.host, 'closed the stream of events').of('GET /events');
    begins = span.until - OVERLAP_S;
  }

  function note(event: unknown): void {
    const parsed = asRecord(event);
    const action = asString(parsed?.Action) ?? asString(parsed?.status);
    const id = asString(asRecord(parsed?.Actor)?.ID) ?? asString(parsed?.id);
    // An event that cannot be understood must not pass in silence: the stream is taken up again behind a new list.
    if (action === null || id === null || asNumber(parsed?.time) === null)
      throw unexpected(client.host, 'an event with action, id and time', event).of('GET /events');
    if (asString(parsed?.Type) !== 'container' || SILENT.test(action)) return;
    named.add(id);
    emit();
  }

  async function run(first: () => void): Promise<void> {
    await window(first);
    for (;;) {
      emit();
      const ended = clock.monotonic();
      await window(() => {
        if (clock.monotonic() - ended > MAX_CHANGE_MS)
          throw new ProviderError('network', client.host, 'was long in taking the stream of events up again');
      });
    }
  }

  const ready = Promise.withResolvers<void>();
  // Whoever stopped it needs no news.
  run(() => {
    subscribed = true;
    ready.resolve();
  }).catch((error: unknown) => {
    broken = { error };
    ready.reject(error);
    emit();
  });
  await ready.promise;

  const take = (): readonly string[] => {
    const ids = [...named];
    named = new Set();
    return ids;
  };
  return {
    take,
    async next(ms) {
      await (Number.isFinite(ms) ? waitAtMost(news.promise, ms, clock, inner.signal) : news.promise);
      if (!hasNews) return null;
      hasNews = false;
      news = Promise.withResolvers();
      if (broken) throw broken.error;
      return take();
    },
    get until() {
      return begins ?? 0;
    },
    stop: () => stop.abort(),
  };
}
