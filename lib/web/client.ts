import { QueryProblem } from '#lib/api/problem.ts';
import type { Item, StreamEvent } from '#lib/api/resources.ts';
import type { AnswerOf, InputOf, Question, TextOf } from '#lib/questions/kit/question.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import { type Clock, systemClock } from '#lib/runtime/clock.ts';
import type { Logger } from '#lib/runtime/logger.ts';
import type { Call, WorkerResponse } from './protocol.ts';
import type { QueryService, Readiness } from './service.ts';
import { Stream } from './stream.ts';
import type { Spawn, Thread } from './thread.ts';
import { workerOf } from './thread.ts';

/** Before a worker that died is started again; longer with each further death until it is ready again. */
const RESTART = { firstMs: 200, longestMs: 30_000, jitter: 'none' } as const;

export interface ServiceOptions {
  /** Path of the store; it need not exist yet. */
  path: string;
  /** The system's, unless a test brings its own. */
  clock?: Pick<Clock, 'sleep'>;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Starts a worker; a worker thread over `path` unless a test brings its own. */
  spawn?: Spawn;
}

/** Starts the index's worker and answers through it. One per process: it holds the whole fleet in memory. */
export function startQueryService(options: ServiceOptions): QueryService {
  return new WorkerService(options);
}

interface Pending {
  resolve(text: string): void;
  reject(error: Error): void;
}

const BUILDING: Readiness = { state: 'building', done: 0, total: 0 };

class WorkerService implements QueryService {
  readonly #spawn: Spawn;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly #stream = new Stream();
  readonly #stopped = new AbortController();
  readonly #pending = new Map<number, Pending>();
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];
  #thread: Thread | null = null;
  #readiness: Readiness = BUILDING;
  #requests = 0;
  #streams = 0;
  #deaths = 0;

  constructor({ path, clock = systemClock, log, spawn = workerOf(path) }: ServiceOptions) {
    this.#spawn = spawn;
    this.#clock = clock;
    this.#log = log;
    this.#start();
  }

  #start(): void {
    this.#thread = this.#spawn({
      received: (response) => this.#receive(response),
      ended: (error) => void this.#restart(error),
    });
  }

  async #restart(error: Error | null): Promise<void> {
    this.#thread = null;
    const gone = new QueryProblem({ code: 'not-ready', detail: 'The index is starting again. Try again in a moment.' });
    for (const { reject } of this.#pending.values()) reject(gone);
    this.#pending.clear();
    if (this.#stopped.signal.aborted) return;
    this.#setReadiness(BUILDING);
    const delay = backoff(this.#deaths++, RESTART);
    this.#log.error('index.worker-died', { error: error?.message ?? 'exit', restartMs: delay });
    try {
      await this.#clock.sleep(delay, this.#stopped.signal);
    } catch {
      return;
    }
    this.#start();
  }

  #receive(response: WorkerResponse): void {
    switch (response.type) {
      case 'answer':
        this.#settle(response.id)?.resolve(response.text);
        break;
      case 'problem':
        this.#settle(response.id)?.reject(new QueryProblem(response.problem));
        break;
      case 'readiness':
        this.#setReadiness(response.readiness);
        break;
      case 'revision':
        this.#stream.emit(response.event);
        break;
      case 'log':
        this.#log[response.level](response.event, response.fields);
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #setReadiness(readiness: Readiness): void {
    const before = this.#readiness.state;
    this.#readiness = readiness;
    if (readiness.state === 'building') return;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (readiness.state === 'failed') {
      const error = new QueryProblem({ code: 'not-ready', detail: readiness.message });
      for (const { reject } of waiting) reject(error);
      return;
    }
    this.#deaths = 0;
    // Every later revision comes as an event of its own.
    if (before !== 'ready') this.#stream.reach(readiness.revision);
    for (const { resolve } of waiting) resolve();
  }

  readiness(): Readiness {
    return this.#readiness;
  }

  ready(): Promise<void> {
    const { state } = this.#readiness;
    if (state === 'ready') return Promise.resolve();
    if (state === 'failed') {
      return Promise.reject(new QueryProblem({ code: 'not-ready', detail: this.#readiness.message }));
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #call(call: Call): Promise<string> {
    const thread = this.#thread;
    if (thread === null) {
      return Promise.reject(
        new QueryProblem({ code: 'not-ready', detail: 'The index is starting. Try again in a moment.' }),
      );
    }
    return new Promise((resolve, reject) => {
      const id = ++this.#requests;
      this.#pending.set(id, { resolve, reject });
      thread.send({ id, call });
    });
  }

  async answer<Q extends Question>(path: Q['path'], input: InputOf<Q>): Promise<TextOf<Q>> {
    const text = await this.#call({ method: 'ask', question: path, input });
    // Null only where the question's path allows it.
    return text === 'null' ? (null as TextOf<Q>) : text;
  }

  async ask<Q extends Question>(path: Q['path'], input: InputOf<Q>): Promise<AnswerOf<Q>> {
    // The worker wrote it from a value of this type.
    return JSON.parse((await this.answer<Q>(path, input)) ?? 'null', (key, value) =>
      key === 'tags' && typeof value === 'object' && value !== null ? bare(value) : value,
    );
  }

  async *rows(q: string, sort: string, signal: AbortSignal): AsyncIterable<Item[]> {
    const stream = ++this.#streams;
    await this.#call({ method: 'open', stream, q, sort });
    try {
      for (;;) {
        signal.throwIfAborted();
        // The worker wrote it from a value of this type.
        const items: Item[] | null = JSON.parse(await this.#call({ method: 'next', stream }));
        if (items === null) return;
        for (const { tags } of items) bare(tags);
        yield items;
      }
    } finally {
      // The reader may be gone before the end; if the worker is gone too, so is what it kept.
      this.#call({ method: 'shut', stream }).catch(() => {});
    }
  }

  subscribe(since: number | null, listener: (event: StreamEvent) => void): () => void {
    return this.#stream.subscribe(since, listener);
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    const closed = new QueryProblem({ code: 'not-ready', detail: 'The server is shutting down.' });
    for (const { reject } of this.#waiting) reject(closed);
    this.#waiting = [];
    await this.#thread?.stop();
  }
}

/** Tags without a prototype, as the model has them: JSON gives them one. */
const bare = (tags: object): object => Object.setPrototypeOf(tags, null);
