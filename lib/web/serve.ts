import { Engine } from '#lib/index/engine.ts';
import { Follower } from '#lib/index/follower.ts';
import { RowReader } from '#lib/index/row-reader.ts';
import type { QuestionTable } from '#lib/questions/kit/table.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import { FeedGap, StoreError } from '#lib/store/reader.ts';
import { Dispatcher } from './dispatcher.ts';
import type { WorkerRequest, WorkerResponse } from './protocol.ts';
import type { Readiness } from './service.ts';

/** Milliseconds between two looks at the store. */
const POLL = 150;

/** Until a store that cannot be opened is tried again. */
const RETRY = 500;

/** Failed looks at the store in a row after which the worker gives up, to be started anew with a new connection. */
const PATIENCE = 10;

/** The worker's half of the wire, as a parent port or a test's channel has it. */
export interface Wire {
  postMessage(response: WorkerResponse): void;
  on(event: 'message', listener: (request: WorkerRequest) => void): unknown;
}

/**
 * The worker's life: waits for the store, builds the index, follows the store, answers. Returns when the signal aborts.
 * @param open opens the store; a {@link StoreError} `missing` means that the collector has not created it yet
 */
export async function serve(
  wire: Wire,
  questions: QuestionTable,
  open: () => Promise<ReadStore>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const send = (response: WorkerResponse) => wire.postMessage(response);
  const dispatcher = new Dispatcher(questions, send);
  wire.on('message', (request: WorkerRequest) => void dispatcher.take(request));
  const ready = (readiness: Readiness) => {
    dispatcher.readiness = readiness;
    send({ type: 'readiness', readiness });
  };
  let store: ReadStore | null = null;
  try {
    store = await whenThere(open, clock, signal, ready);
    await follow(store, clock, signal, { dispatcher, ready, send });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await store?.close();
  }
}

async function whenThere(
  open: () => Promise<ReadStore>,
  clock: Clock,
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

interface Outputs {
  dispatcher: Dispatcher;
  ready(readiness: Readiness): void;
  send(response: WorkerResponse): void;
}

async function follow(store: ReadStore, clock: Clock, signal: AbortSignal, { dispatcher, ready, send }: Outputs) {
  const engine = new Engine(clock);
  const follower = new Follower(engine, store, clock);
  const build = async () => {
    dispatcher.context = null;
    const start = clock.monotonic();
    let reported = -Infinity;
    await follower.build((done, total) => {
      signal.throwIfAborted();
      // Progress is for people: ten times a second is plenty.
      if (clock.monotonic() - reported < 100) return;
      reported = clock.monotonic();
      ready({ state: 'building', done, total });
    });
    dispatcher.context = { engine, store, follower, clock, rows: new RowReader({ engine, store, clock }) };
    ready({ state: 'ready', revision: follower.revision, resources: engine.count });
    const fields = { resources: engine.count, ms: Math.round(clock.monotonic() - start) };
    send({ type: 'log', level: 'info', event: 'index.ready', fields });
  };
  await build();
  for (let failures = 0; ; ) {
    await clock.sleep(POLL, signal);
    try {
      const event = await follower.poll();
      failures = 0;
      if (event === null) continue;
      ready({ state: 'ready', revision: follower.revision, resources: engine.count });
      send({ type: 'revision', event });
    } catch (error) {
      if (error instanceof FeedGap) {
        await build();
        send({ type: 'revision', event: { revision: follower.revision, uids: null } });
        continue;
      }
      // What is known stays good to read while the store is busy or its disk is away for a moment.
      if (++failures >= PATIENCE) throw error;
      send({ type: 'log', level: 'warn', event: 'index.poll-failed', fields: { error: String(error), failures } });
    }
  }
}
