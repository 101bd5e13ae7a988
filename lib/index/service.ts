import { setTimeout } from 'node:timers/promises';
import type { PermissionsSeen, ScopeStatus } from '#lib/model/index.ts';
import type { Changes, Facets, Groups, Item, ResourceDetail, ResourcePage, StreamEvent } from '#lib/query/api.ts';
import type { IdentityRequest, PageRequest, QueryService, Readiness, TreeRequest } from '#lib/query/service.ts';
import { QueryProblem } from '#lib/query/service.ts';
import type { Capacity, IdentityReport, Machine, StackAnswer, TreePage } from '#lib/query/stack-api.ts';
import type { Call, Said } from './protocol.ts';
import { Stream } from './stream.ts';
import type { Spawn, Thread } from './thread.ts';
import { workerOf } from './thread.ts';

/** Milliseconds before the first restart of a worker that died; doubled with each further death until it is ready again. */
const RESTART = 200;
const LONGEST_RESTART = 30_000;

export interface ServiceClock {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ServiceLog {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

export interface ServiceOptions {
  /** Path of the store; it need not exist yet. */
  path: string;
  /** The system's, unless a test brings its own. */
  clock?: ServiceClock;
  log: ServiceLog;
  /** Starts a worker; a worker thread over `path` unless a test brings its own. */
  spawn?: Spawn;
}

/** Starts the index's worker and answers through it. One per process: it holds the whole fleet in memory. */
export function startQueryService(options: ServiceOptions): QueryService {
  return new WorkerService(options);
}

const SYSTEM: ServiceClock = { sleep: (ms, signal) => setTimeout(ms, undefined, { signal }) };

interface Pending {
  resolve(text: string): void;
  reject(error: Error): void;
}

const BUILDING: Readiness = { state: 'building', done: 0, total: 0 };

class WorkerService implements QueryService {
  readonly #spawn: Spawn;
  readonly #clock: ServiceClock;
  readonly #log: ServiceLog;
  readonly #stream = new Stream();
  readonly #stopped = new AbortController();
  readonly #pending = new Map<number, Pending>();
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];
  #thread: Thread | null = null;
  #readiness: Readiness = BUILDING;
  #asked = 0;
  #streams = 0;
  #deaths = 0;

  constructor({ path, clock = SYSTEM, log, spawn = workerOf(path) }: ServiceOptions) {
    this.#spawn = spawn;
    this.#clock = clock;
    this.#log = log;
    this.#start();
  }

  #start(): void {
    this.#thread = this.#spawn({ said: (said) => this.#hear(said), ended: (error) => void this.#restart(error) });
  }

  async #restart(error: Error | null): Promise<void> {
    this.#thread = null;
    const gone = new QueryProblem({ code: 'not-ready', detail: 'The index is starting again. Try again in a moment.' });
    for (const { reject } of this.#pending.values()) reject(gone);
    this.#pending.clear();
    if (this.#stopped.signal.aborted) return;
    this.#setReadiness(BUILDING);
    const delay = Math.min(LONGEST_RESTART, RESTART * 2 ** this.#deaths++);
    this.#log.error('index.worker-died', { error: error?.message ?? 'exit', restartMs: delay });
    try {
      await this.#clock.sleep(delay, this.#stopped.signal);
    } catch {
      return;
    }
    this.#start();
  }

  #hear(said: Said): void {
    switch (said.type) {
      case 'answer':
        this.#settle(said.id)?.resolve(said.text);
        break;
      case 'problem':
        this.#settle(said.id)?.reject(new QueryProblem(said.problem));
        break;
      case 'readiness':
        this.#setReadiness(said.readiness);
        break;
      case 'revision':
        this.#stream.tell(said.event);
        break;
      case 'log':
        this.#log[said.level](said.event, said.fields);
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

  #ask(call: Call): Promise<string> {
    const thread = this.#thread;
    if (thread === null) {
      return Promise.reject(
        new QueryProblem({ code: 'not-ready', detail: 'The index is starting. Try again in a moment.' }),
      );
    }
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#pending.set(id, { resolve, reject });
      thread.ask({ id, call });
    });
  }

  async #read<T>(call: Call): Promise<T> {
    // The worker wrote it from a value of this type.
    const value: T = JSON.parse(await this.#ask(call));
    return value;
  }

  async page(request: PageRequest): Promise<ResourcePage> {
    const page = await this.#read<ResourcePage>({ method: 'page', request });
    for (const item of page.items) bare(item);
    return page;
  }

  pageJson(request: PageRequest): Promise<string> {
    return this.#ask({ method: 'page', request });
  }

  async detail(uid: string): Promise<ResourceDetail | null> {
    const detail = await this.#read<ResourceDetail | null>({ method: 'detail', uid });
    if (detail !== null) bare(detail.resource);
    return detail;
  }

  facets(q: string, fields: readonly string[]): Promise<Facets> {
    return this.#read({ method: 'facets', q, fields });
  }

  facetsJson(q: string, fields: readonly string[]): Promise<string> {
    return this.#ask({ method: 'facets', q, fields });
  }

  groups(q: string, by: string): Promise<Groups> {
    return this.#read({ method: 'groups', q, by });
  }

  groupsJson(q: string, by: string): Promise<string> {
    return this.#ask({ method: 'groups', q, by });
  }

  async stack(uid: string): Promise<StackAnswer | null> {
    const stack = await this.#read<StackAnswer | null>({ method: 'stack', uid });
    if (stack === null) return null;
    for (const { items } of [stack.self, ...stack.below, ...stack.above.groups]) for (const item of items) bare(item);
    return stack;
  }

  async machine(uid: string): Promise<Machine | null> {
    const machine = await this.#read<Machine | null>({ method: 'machine', uid });
    for (const item of machine?.members ?? []) bare(item);
    return machine;
  }

  capacity(q: string): Promise<Capacity> {
    return this.#read({ method: 'capacity', q });
  }

  identity(request: IdentityRequest): Promise<IdentityReport> {
    return this.#read({ method: 'identity', request });
  }

  async tree(request: TreeRequest): Promise<TreePage> {
    const page = await this.#read<TreePage>({ method: 'tree', request });
    for (const { item } of page.items) bare(item);
    return page;
  }

  permissions(): Promise<PermissionsSeen[]> {
    return this.#read({ method: 'permissions' });
  }

  changes(request: { q: string; since: number | null; before: number | null; limit: number }): Promise<Changes> {
    return this.#read({ method: 'changes', request });
  }

  scopes(): Promise<{ scopes: ScopeStatus[]; revision: number }> {
    return this.#read({ method: 'scopes' });
  }

  async *rows(q: string, sort: string, signal: AbortSignal): AsyncIterable<Item[]> {
    const stream = ++this.#streams;
    await this.#ask({ method: 'open', stream, q, sort });
    try {
      for (;;) {
        signal.throwIfAborted();
        const items = await this.#read<Item[] | null>({ method: 'next', stream });
        if (items === null) return;
        for (const item of items) bare(item);
        yield items;
      }
    } finally {
      // The reader may be gone before the end; if the worker is gone too, so is what it kept.
      this.#ask({ method: 'shut', stream }).catch(() => {});
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
function bare(item: Item): void {
  Object.setPrototypeOf(item.tags, null);
}
