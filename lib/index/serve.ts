import type { Readiness } from '#lib/query/service.ts';
import { QueryProblem } from '#lib/query/service.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import { FeedGap, StoreError } from '#lib/store/reader.ts';
import { Answers } from './answers.ts';
import type { EngineClock } from './engine.ts';
import { Engine } from './engine.ts';
import { Follower } from './follower.ts';
import type { Ask, Call, Said } from './protocol.ts';

/** Milliseconds between two looks at the store. */
const POLL = 150;

/** Until a store that cannot be opened is tried again. */
const RETRY = 500;

/** Rows of one chunk of an export. */
const CHUNK = 500;

export interface ServeClock extends EngineClock {
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The worker's half of the wire, as a parent port or a test's channel has it. */
export interface Wire {
  postMessage(said: Said): void;
  on(event: 'message', listener: (ask: Ask) => void): unknown;
}

const NOT_READY = 'The list is being read from the store. Try again in a moment.';

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
  for (;;) {
    await clock.sleep(POLL, signal);
    try {
      const event = await follower.poll();
      if (event === null) continue;
      ready({ state: 'ready', revision: follower.revision, resources: engine.count });
      say({ type: 'revision', event });
    } catch (error) {
      if (!(error instanceof FeedGap)) throw error;
      await build();
      say({ type: 'revision', event: { revision: follower.revision, uids: null } });
    }
  }
}

/** Takes questions in and sends answers out, one after the other. */
class Desk {
  answers: Answers | null = null;
  readiness: Readiness = { state: 'building', done: 0, total: 0 };
  readonly #say: (said: Said) => void;
  readonly #streams = new Map<number, { uids: string[]; at: number }>();

  constructor(say: (said: Said) => void) {
    this.#say = say;
  }

  async take({ id, call }: Ask): Promise<void> {
    try {
      const text = JSON.stringify(await this.#answer(call));
      this.#say({ type: 'answer', id, text });
    } catch (error) {
      const isKnown = error instanceof QueryProblem;
      if (!isKnown) this.#say({ type: 'log', level: 'error', event: 'index.error', fields: { error: String(error) } });
      const problem = isKnown
        ? error.problem
        : { code: 'internal' as const, detail: 'The question failed. See the log.' };
      this.#say({ type: 'problem', id, problem });
    }
  }

  async #answer(call: Call): Promise<unknown> {
    if (call.method === 'shut') return this.#streams.delete(call.stream);
    const { answers } = this;
    if (answers === null) {
      const detail = this.readiness.state === 'failed' ? this.readiness.message : NOT_READY;
      throw new QueryProblem({ code: 'not-ready', detail });
    }
    switch (call.method) {
      case 'page':
        return answers.page(call.request);
      case 'facets':
        return answers.facets(call.q, call.fields);
      case 'groups':
        return answers.groups(call.q, call.by);
      case 'detail':
        return answers.detail(call.uid);
      case 'changes':
        return answers.changes(call.request);
      case 'scopes':
        return answers.scopes();
      case 'open':
        this.#streams.set(call.stream, { uids: answers.uids(call.q, call.sort), at: 0 });
        return null;
      case 'next':
        return this.#next(answers, call.stream);
    }
  }

  /** The next rows of an export, or null at its end. */
  async #next(answers: Answers, number: number): Promise<unknown> {
    const stream = this.#streams.get(number);
    // Half an export must never look like a whole one.
    if (!stream) throw new QueryProblem({ code: 'internal', detail: 'The export broke off. Start it again.' });
    if (stream.at >= stream.uids.length) return null;
    const uids = stream.uids.slice(stream.at, stream.at + CHUNK);
    stream.at += CHUNK;
    return answers.items(uids);
  }
}
