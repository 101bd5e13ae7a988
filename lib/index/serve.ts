import type { Readiness } from '#lib/query/service.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import { FeedGap, StoreError } from '#lib/store/reader.ts';
import { Answers } from './answers.ts';
import { Desk } from './desk.ts';
import type { EngineClock } from './engine.ts';
import { Engine } from './engine.ts';
import { Follower } from './follower.ts';
import type { Ask, Said } from './protocol.ts';

/** Milliseconds between two looks at the store. */
const POLL = 150;

/** Until a store that cannot be opened is tried again. */
const RETRY = 500;

/** Failed looks at the store in a row after which the worker gives up, to be started anew with a new connection. */
const PATIENCE = 10;

export interface ServeClock extends EngineClock {
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The worker's half of the wire, as a parent port or a test's channel has it. */
export interface Wire {
  postMessage(said: Said): void;
  on(event: 'message', listener: (ask: Ask) => void): unknown;
}

/**
 * The worker's life: waits for the store, builds the index, follows the store, answers. Returns when the signal aborts.
 * @param open opens the store; a {@link StoreError} `missing` means that the collector has not created it yet
 */
export async function serve(
  wire: Wire,
  open: () => Promise<ReadStore>,
  clock: ServeClock,
  signal: AbortSignal,
): Promise<void> {
  const say = (said: Said) => wire.postMessage(said);
  const desk = new Desk(say);
  wire.on('message', (ask: Ask) => void desk.take(ask));
  const ready = (readiness: Readiness) => {
    desk.readiness = readiness;
    say({ type: 'readiness', readiness });
  };
  let store: ReadStore | null = null;
  try {
    store = await whenThere(open, clock, signal, ready);
    await follow(store, clock, signal, { desk, ready, say });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await store?.close();
  }
}

async function whenThere(
  open: () => Promise<ReadStore>,
  clock: ServeClock,
  signal: AbortSignal,
  ready: (readiness: Readiness) => void,
): Promise<ReadStore> {
  let last = '';
  ready({ state: 'building', done: 0, total: 0 });
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (error.refusal !== last) {
        last = error.refusal;
        // No file yet is how every first start begins.
        if (last !== 'missing') ready({ state: 'failed', message: error.message });
      }
    }
    await clock.sleep(RETRY, signal);
  }
}

interface Voices {
  desk: Desk;
  ready(readiness: Readiness): void;
  say(said: Said): void;
}

async function follow(store: ReadStore, clock: ServeClock, signal: AbortSignal, { desk, ready, say }: Voices) {
  const engine = new Engine(clock);
  const follower = new Follower(engine, store, clock);
  const build = async () => {
    desk.answers = null;
    const start = clock.monotonic();
    let told = -Infinity;
    await follower.build((done, total) => {
      signal.throwIfAborted();
      // Progress is for people: ten times a second is plenty.
      if (clock.monotonic() - told < 100) return;
      told = clock.monotonic();
      ready({ state: 'building', done, total });
    });
    desk.answers = new Answers({ engine, store, follower, clock });
    ready({ state: 'ready', revision: follower.revision, resources: engine.count });
    const fields = { resources: engine.count, ms: Math.round(clock.monotonic() - start) };
    say({ type: 'log', level: 'info', event: 'index.ready', fields });
  };
  await build();
  for (let failures = 0; ; ) {
    await clock.sleep(POLL, signal);
    try {
      const event = await follower.poll();
      failures = 0;
      if (event === null) continue;
      ready({ state: 'ready', revision: follower.revision, resources: engine.count });
      say({ type: 'revision', event });
    } catch (error) {
      if (error instanceof FeedGap) {
        await build();
        say({ type: 'revision', event: { revision: follower.revision, uids: null } });
        continue;
      }
      // What is known stays good to read while the store is busy or its disk is away for a moment.
      if (++failures >= PATIENCE) throw error;
      say({ type: 'log', level: 'warn', event: 'index.poll-failed', fields: { error: String(error), failures } });
    }
  }
}
