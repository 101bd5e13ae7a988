import { DISCOVERY, type Scope, type ScopeStatus } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { Breaker } from '../limits/breaker.ts';
import type { Reconnects } from '../limits/reconnect.ts';
import type { Semaphores } from '../limits/semaphores.ts';
import { Cancelled } from '../run/reason.ts';
import type { Source, Tools } from '../source.ts';
import { ClaimedTask } from './claimed-task.ts';
import type { Claims } from './claims.ts';
import { ListTask } from './list-task.ts';
import { ProbeTask } from './probe-task.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';
import { WatchTask } from './watch-task.ts';

/** Scopes that already have rows are listed anew within this time of a start. */
const RESTART_WINDOW = 30_000;
/** New ones begin sooner: somebody waits for their first row. The caps of the provider do the rest. */
const FIRST_SPACING = 20;
const FIRST_WINDOW = 5_000;
/** A watch without news sends a heartbeat once a minute; its scope must not seem stale in between. */
const QUIET_WATCH = 150_000;

/** What all sources of a sync share. */
export interface Shared {
  semaphores: Semaphores;
  claims: Claims;
  reconnects: Reconnects;
}

/** Called by the scopes' tasks. */
export interface Listeners {
  /** Periods went by while a run took longer than its interval. */
  skipped(ticks: number): void;
  /** What could not be discovered further can be now. */
  recovered(): void;
}

interface Running {
  task: ScopeTask;
  stop: AbortController;
  done: Promise<void>;
}

/** The scopes of one source and the task that keeps each of them current. */
export class ScopeTasks {
  readonly #tools: Tools;
  readonly #source: Source;
  readonly #semaphores: Semaphores;
  readonly #claims: Claims;
  readonly #reconnects: Reconnects;
  readonly #listeners: Listeners;
  readonly #running = new Map<string, Running>();
  readonly #breakers = new Map<string, Breaker>();

  constructor(tools: Tools, source: Source, { semaphores, claims, reconnects }: Shared, listeners: Listeners) {
    this.#tools = tools;
    this.#source = source;
    this.#semaphores = semaphores;
    this.#claims = claims;
    this.#reconnects = reconnects;
    this.#listeners = listeners;
  }

  /** What the store knows of this source and is not gone. */
  async known(): Promise<Scope[]> {
    return (await this.#tools.store.scopes()).filter(
      (scope) => scope.source === this.#source.id && scope.state !== 'gone',
    );
  }

  /** While a discovery goes on: these were found and begin now. The others stay as they are. */
  async arrive(scopes: readonly Scope[], connection: Connection): Promise<void> {
    const fresh = scopes.filter(({ id }) => !this.#running.has(id));
    if (fresh.length > 0) await this.#register(fresh, connection, true);
  }

  /** After a complete discovery: these are all the scopes there are; the others are gone. */
  async keep(scopes: readonly Scope[], connection: Connection): Promise<void> {
    const wanted = new Set(scopes.map(({ id }) => id));
    await this.#endAll((scope) => !wanted.has(scope.id));
    const lost = (await this.known()).filter(({ id }) => !wanted.has(id));
    await this.#register(scopes, connection);
    for (const scope of lost) this.#claims.release(scope);
  }

  /** After a discovery that broke off: the new ones begin, nothing is gone but what stood for something that was found since. */
  async add(scopes: readonly Scope[], connection: Connection): Promise<void> {
    const found = new Set(scopes.map(({ id }) => id));
    const stays = (scope: Scope): boolean => isListed(scope) || found.size === 0 || found.has(scope.id);
    await this.#endAll((scope) => !stays(scope));
    const all = new Map((await this.known()).filter(stays).map((scope) => [scope.id, scope]));
    for (const scope of scopes) all.set(scope.id, scope);
    await this.#register([...all.values()], connection);
  }

  refresh(scope: string | null): Refresh[] {
    if (scope !== null) {
      const running = this.#running.get(scope);
      return running ? [running.task.refresh()] : [];
    }
    return [...this.#running.values()].map(({ task }) => task.refresh());
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.#end(id)));
  }

  async #endAll(which: (scope: Scope) => boolean): Promise<void> {
    const lost = [...this.#running].filter(([, { task }]) => which(task.scope));
    await Promise.all(lost.map(([id]) => this.#end(id)));
  }

  async #register(scopes: readonly Scope[], connection: Connection, more = false): Promise<void> {
    const { store, clock, random } = this.#tools;
    const interval = connection.watch ? Math.max(this.#source.interval, QUIET_WATCH) : this.#source.interval;
    await store.registerScopes(this.#source.id, scopes, { interval, at: clock.now(), more });
    const before = new Map((await store.scopes()).map((status) => [status.id, status]));
    const fresh = scopes.filter(({ id }) => !this.#running.has(id));
    const firstWindow = Math.min(FIRST_SPACING * fresh.length, FIRST_WINDOW, interval);
    for (const scope of scopes) {
      const running = this.#running.get(scope.id);
      if (running) running.task.scope = scope;
      else {
        // What a watch keeps current would be blind until its first listing: it is not put off.
        const known = hasRows(before.get(scope.id)) && !connection.watch;
        const window = known ? Math.min(RESTART_WINDOW, interval) : firstWindow;
        this.#begin(scope, connection, window * random());
      }
    }
  }

  #begin(scope: Scope, connection: Connection, delay: number): void {
    const task = this.#task(scope, connection, delay);
    const stop = new AbortController();
    const done = task.run(stop.signal).catch((error) => {
      // A task ends with its signal only; anything else is a mistake of ours that must not pass in silence.
      if (!stop.signal.aborted) this.#tools.log.error('scope.failed', { scope: scope.id, kind: 'internal', error });
    });
    this.#running.set(scope.id, { task, stop, done });
  }

  #task(scope: Scope, connection: Connection, delay: number): ScopeTask {
    const { interval, provider } = this.#source;
    const { skipped, recovered } = this.#listeners;
    const lister = { connection, provider, semaphores: this.#semaphores, interval };
    if (!isListed(scope)) return new ProbeTask(this.#tools, scope, { ...lister, recovered });
    const breaker = this.#breaker(scope.account);
    const watch = connection.watch?.bind(connection);
    // Only the first start is spread over time.
    let remaining = delay;
    const takeDelay = () => {
      const taken = remaining;
      remaining = 0;
      return taken;
    };
    return new ClaimedTask(this.#tools, scope, {
      ...lister,
      claims: this.#claims,
      list: (current) => new ListTask(this.#tools, current, { ...lister, breaker, skipped, delay: takeDelay() }),
      ...(watch && {
        watch: (current) =>
          new WatchTask(this.#tools, current, { ...lister, watch, reconnects: this.#reconnects, delay: takeDelay() }),
      }),
    });
  }

  async #end(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (!running) return;
    this.#running.delete(id);
    running.stop.abort(new Cancelled('no longer wanted'));
    await running.done;
  }

  #breaker(account: string): Breaker {
    const { clock, random } = this.#tools;
    const breaker = this.#breakers.get(account) ?? new Breaker(clock, random, this.#source.interval);
    this.#breakers.set(account, breaker);
    return breaker;
  }
}

const hasRows = (status: ScopeStatus | undefined): boolean => status !== undefined && status.generation > 0;
/** The placeholder of a source that could not be read is no scope to list. */
const isListed = (scope: Scope): boolean => scope.part !== DISCOVERY;
