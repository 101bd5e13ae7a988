import { DISCOVERY, type Reason, type Scope, scopeId, stateAfter } from '#lib/model/index.ts';
import { abortable } from '#lib/runtime/abort.ts';
import { backoff, jitter } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import type { Cache, Connection, Environment } from '#providers/contract.ts';
import { withDeadline } from '../limits/deadline.ts';
import { isBreak } from '../limits/reconnect.ts';
import { Batcher } from '../run/batcher.ts';
import { type Discovery, discover } from '../run/discover.ts';
import { explain, hintOf } from '../run/reason.ts';
import type { Source, Tools } from '../source.ts';
import { PermissionCheck } from './permission-check.ts';
import type { Refresh } from './scope-task.ts';
import { ScopeTasks, type Shared } from './scope-tasks.ts';

const OPEN_MS = 60_000;
const CLOSE_MS = 5_000;
const FIRST_PAUSE = 5_000;
const AGAIN_MS = 1_000;

/** Keeps one source current: opens it, discovers its scopes again and again, and keeps a task for each of them. */
export class SourceTask {
  readonly source: Source;
  readonly #tools: Tools;
  readonly #shared: Shared;
  readonly #tasks: ScopeTasks;
  readonly #timer: Timer;
  readonly #permissions: PermissionCheck;
  #failures = 0;
  #pausing = false;
  /** Something that could not be discovered answers now. */
  #again = false;
  /** True once a discovery has shown that the credential is the configured one: nothing is listed before. */
  #proven = false;

  constructor(tools: Tools, source: Source, shared: Shared, skipped: (ticks: number) => void) {
    this.source = source;
    this.#tools = tools;
    this.#shared = shared;
    this.#tasks = new ScopeTasks(tools, source, shared, { skipped, recovered: () => this.#recovered() });
    this.#timer = new Timer(tools.clock);
    this.#permissions = new PermissionCheck(tools, source, shared.semaphores);
  }

  /** Runs until the signal aborts; leaves nothing open. */
  async run(delay: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    let connection: Connection | null = null;
    try {
      await this.#timer.sleepUntil(clock.monotonic() + delay, signal);
      for (;;) {
        connection ??= await this.#open(signal);
        const pause = connection ? await this.#discover(connection, signal) : this.#pause(null);
        this.#pausing = this.#failures > 0;
        if (!this.#again) await this.#timer.sleepUntil(clock.monotonic() + pause, signal);
        this.#pausing = false;
        // What recovers together is discovered together.
        if (this.#again) await clock.sleep(AGAIN_MS, signal);
        this.#again = false;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#shared.reconnects.over(this);
      await Promise.all([this.#tasks.stop(), this.#permissions.over()]);
      if (connection) await this.#close(connection);
    }
  }

  /** Asks for one scope, or with null for all of them. */
  refresh(scope: string | null): Refresh[] {
    const answers = this.#tasks.refresh(scope);
    // A source that waits for its next attempt to open or to discover is asked as a whole.
    const isOurs = scope === null || scope.startsWith(`${this.source.id}/`);
    if (!this.#pausing || !isOurs) return answers;
    this.#pausing = false;
    this.#timer.wake();
    return answers.includes('accepted') ? answers : ['accepted'];
  }

  #recovered(): void {
    this.#again = true;
    this.#timer.wake();
  }

  async #open(signal: AbortSignal): Promise<Connection | null> {
    const { clock, random, log, machine } = this.#tools;
    const { source } = this;
    const env: Environment = {
      source: source.id,
      log,
      clock,
      random,
      cache: answersOf(this.#tools, source.id),
      ...(machine ? { machine } : {}),
    };
    // An adapter that throws before its first await fails here as well.
    const opening = Promise.resolve().then(() => source.open(env));
    try {
      const connection = await withDeadline(clock, OPEN_MS, signal, (limited) => abortable(opening, limited));
      log.info('source.opened', { source: source.id, provider: source.provider.id });
      return connection;
    } catch (error) {
      opening.then(
        (late) => this.#close(late),
        () => {},
      );
      signal.throwIfAborted();
      await this.#fail('source.open-failed', error);
      return null;
    }
  }

  /** Returns the pause until the next discovery. */
  async #discover(connection: Connection, signal: AbortSignal): Promise<number> {
    const { source } = this;
    const { semaphores, reconnects } = this.#shared;
    const known = await this.#tasks.known().catch(() => null);
    // The store has reported that itself. Without what is known, what cannot be looked into just now would be gone.
    if (known === null) {
      this.#failures++;
      return this.#pause(null);
    }
    const release = await semaphores.acquire(source.provider, `${source.id} discovery`, this.#failures > 0, signal);
    const batcher = new Batcher((scopes) => this.#tasks.arrive(scopes, connection));
    let found: Discovery;
    try {
      found = await discover(this.#tools, source, connection, { signal, known, found: (scope) => batcher.add(scope) });
    } finally {
      release();
      await batcher.settled();
    }
    if (!found.error) {
      reconnects.over(this);
      this.#proven = true;
      this.#tools.log.debug('source.discovered', { source: source.id, scopes: found.scopes.size });
      try {
        await this.#tasks.keep([...found.scopes.values()], connection);
      } catch {
        // The store has reported that itself; until it works again, this source tries again soon.
        this.#failures++;
        return this.#pause(null);
      }
      this.#failures = 0;
      this.#permissions.begin(connection, signal);
      return jitter(source.discovery, this.#tools.random);
    }
    const { error } = found.error;
    const listed = [...found.scopes.values()].some(({ part }) => part !== DISCOVERY);
    const { kind } = await this.#fail('source.discovery-failed', error, listed);
    // The credential is of another account than configured: what it lists would not be ours. What is wrong with some does not stop others.
    if (kind === 'config' && !listed) {
      this.#proven = false;
      await this.#tasks.stop();
    } else if (found.scopes.size > 0 || this.#proven) {
      this.#proven = true;
      await this.#tasks.add([...found.scopes.values()], connection).catch(() => {});
    }
    // A system of which nothing is known, since it was down: it is looked for as one that was lost.
    const isDown = connection.watch !== undefined && isBreak(kind) && !this.#proven;
    if (isDown) return Math.max(hintOf(error) ?? 0, reconnects.pause(this, this.#failures - 1));
    reconnects.over(this);
    // A discovery that is not allowed is when people ask what is missing.
    if (kind === 'permission') this.#permissions.begin(connection, signal);
    return this.#pause(hintOf(error));
  }

  /**
   * Marks the scopes of a source that cannot be read with the reason; scopes that are listed by themselves keep their own state.
   * @param listed some of its scopes were found all the same
   */
  async #fail(
    event: 'source.open-failed' | 'source.discovery-failed',
    error: unknown,
    listed = false,
  ): Promise<Reason> {
    const { log, store, clock } = this.#tools;
    const { source } = this;
    const reason = explain(error, source.id);
    const { kind, message } = reason;
    this.#failures++;
    log.warn(event, { source: source.id, kind, message, ...(kind === 'internal' ? { error } : {}) });
    if (listed || (this.#proven && kind !== 'config')) return reason;
    try {
      const known = await this.#tasks.known();
      if (known.length === 0) {
        const stand = placeholder(source);
        await store.registerScopes(source.id, [stand], { interval: source.interval, at: clock.now() });
        known.push(stand);
      }
      for (const scope of known) await store.mark(scope.id, stateAfter(kind, false), reason, clock.now());
    } catch {
      // The store has reported that itself.
    }
    return reason;
  }

  #pause(hint: number | null): number {
    const longest = Math.max(this.source.discovery, FIRST_PAUSE);
    return Math.max(
      hint ?? 0,
      backoff(this.#failures - 1, { firstMs: FIRST_PAUSE, longestMs: longest }, this.#tools.random),
    );
  }

  async #close(connection: Connection): Promise<void> {
    const { clock, log } = this.#tools;
    const never = new AbortController().signal;
    try {
      const closing = Promise.resolve().then(() => connection.close());
      await withDeadline(clock, CLOSE_MS, never, (limited) => abortable(closing, limited));
    } catch (error) {
      log.warn('source.close-failed', { source: this.source.id, error });
    }
  }
}

/** What an adapter keeps of a source for a later process. */
const answersOf = ({ store, clock }: Tools, source: string): Cache => ({
  get: async (key) => (await store.keptAnswer(source, key))?.value,
  set: (key, value) => store.keepAnswer(source, key, { value, at: clock.now() }),
});

/** Stands for a source of which nothing is known yet, so that its failure has a place on the page; gone with the first discovery. */
function placeholder({ id, provider }: Source): Scope {
  return {
    id: scopeId(id, '*', null, DISCOVERY),
    provider: provider.id,
    source: id,
    account: '*',
    region: null,
    part: DISCOVERY,
    kind: provider.kinds[0] ?? 'vm',
    label: id,
  };
}
