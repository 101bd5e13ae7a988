import { type Batch, type Reason, type Scope, stateAfter } from '#lib/model/index.ts';
import type { Put } from '#lib/store/port.ts';
import { type Connection, type Provider, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { accepted, misfit } from './accept.ts';
import { accountOf } from './account.ts';
import { deadlineFor } from './deadline.ts';
import type { Gates } from './gate.ts';
import { guarded } from './guard.ts';
import { backoff, jitter } from './jitter.ts';
import { PutBuffer } from './put-buffer.ts';
import { explain, hintOf } from './reason.ts';
import { commitListing, listScope } from './run-scope.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';
import type { Tools } from './source.ts';
import { Waker } from './waker.ts';

/** Signs of life are written this often at most. */
const CONFIRM_MS = 10_000;
/** A watch that held this long begins its pauses anew. */
const STEADY_MS = 60_000;

export type Watch = NonNullable<Connection['watch']>;

export interface WatchTaskOptions {
  watch: Watch;
  provider: Provider;
  gates: Gates;
  interval: number;
  /** Milliseconds until the watch begins. */
  delay: number;
}

/** Ends a session whose listing had gaps, so that the next one lists again. */
class ListAgain extends Error {
  override readonly name = 'ListAgain';
}

/** A listing inside of a watch broke off; its scope says so already. */
class ListingFailed extends Error {
  override readonly name = 'ListingFailed';
  readonly reason: Reason;
  readonly retryAfterMs: number | null;
  constructor(reason: Reason, retryAfterMs: number | null) {
    super(reason.kind);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The system, or this connection to it, has no watches after all. */
export class WatchUnsupported extends Error {
  override readonly name = 'WatchUnsupported';
}

/** Keeps a scope current by a watch; one that throws is begun again after a pause that grows. */
export class WatchTask implements ScopeTask {
  scope: Scope;
  readonly #tools: Tools;
  readonly #options: WatchTaskOptions;
  readonly #waker: Waker;
  #session: AbortController | null = null;
  #pausing = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** False until a listing of this process stands behind the rows. */
  #listed = false;
  /** Why the last listing was not complete; null if it was. */
  #gap: Reason | null = null;
  #confirmed = Number.NEGATIVE_INFINITY;

  constructor(tools: Tools, scope: Scope, options: WatchTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#waker = new Waker(tools.clock);
  }

  /** A watch that lives is as fresh as can be; one that pauses is begun now. */
  refresh(): Refresh {
    if (!this.#pausing || this.#tools.clock.monotonic() < this.#notBefore) return 'coalesced';
    this.#pausing = false;
    this.#waker.wake();
    return 'accepted';
  }

  /** @throws WatchUnsupported where the scope can be listed but not watched */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    const buffer = new PutBuffer(
      clock,
      signal,
      (puts) => this.#write(puts),
      (error) => this.#session?.abort(error),
    );
    await this.#waker.sleepUntil(clock.monotonic() + this.#options.delay, signal);
    for (let attempt = 0; ; attempt++) {
      const began = clock.monotonic();
      const error = await this.#watch(buffer, signal);
      signal.throwIfAborted();
      if (error instanceof ProviderError && error.kind === 'unsupported') throw new WatchUnsupported(error.message);
      if (clock.monotonic() - began >= STEADY_MS) attempt = 0;
      const pause = await this.#fail(error, attempt);
      this.#pausing = true;
      await this.#waker.sleepUntil(clock.monotonic() + pause, signal);
      this.#pausing = false;
    }
  }

  /** One session: returns why it ended. */
  async #watch(buffer: PutBuffer, signal: AbortSignal): Promise<unknown> {
    const session = new AbortController();
    const stop = () => session.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#session = session;
    this.#tools.log.debug('watch.started', { scope: this.scope.id });
    try {
      const events = guarded(() => this.#options.watch(this.scope, { signal: session.signal }), session.signal);
      for await (const event of events) await this.#take(event, buffer, session);
      return new TypeError('a watch never ends by itself');
    } catch (error) {
      return session.signal.aborted ? session.signal.reason : error;
    } finally {
      this.#session = null;
      signal.removeEventListener('abort', stop);
      // What was said before the end is true. A write that fails is kept for the next session.
      if (!signal.aborted) await buffer.flush().catch(() => {});
      session.abort(new ListAgain());
    }
  }

  async #take(event: WatchEvent, buffer: PutBuffer, session: AbortController): Promise<void> {
    if (event.type !== 'listing' && !this.#listed) throw new TypeError('a watch begins with a listing');
    switch (event.type) {
      case 'listing':
        await buffer.flush().catch(() => buffer.clear());
        return this.#list(event.batches, session);
      case 'put': {
        const wrong = this.#wrongPut(event);
        if (wrong === null) return buffer.add(accepted(event));
        await buffer.flush();
        return this.#leaveGap({ kind: 'unreadable', message: `${this.scope.label}: ${wrong}` }, session);
      }
      case 'alive':
        if (this.#gap || this.#tools.clock.monotonic() - this.#confirmed < CONFIRM_MS) return;
        await buffer.flush();
        if (this.#tools.clock.monotonic() - this.#confirmed >= CONFIRM_MS) await this.#write([]);
        return;
      default:
        throw new TypeError('not an event of a watch');
    }
  }

  #wrongPut(put: Put): string | null {
    if (typeof put.origin !== 'string' || put.origin === '' || !Array.isArray(put.resources))
      return 'put: expected rows';
    for (const resource of put.resources) {
      const wrong = misfit(this.scope, resource);
      if (wrong) return wrong;
      if (resource.origin !== put.origin) return 'origin: expected the origin of the put';
    }
    return null;
  }

  async #list(batches: AsyncIterable<Batch>, session: AbortController): Promise<void> {
    const { store, clock, log } = this.#tools;
    const { gates, provider, interval } = this.#options;
    const { scope } = this;
    const { signal } = session;
    const leave = await gates.enter(provider, accountOf(scope), this.#gap !== null, signal);
    try {
      const generation = await store.nextGeneration(scope.id);
      const { listing, retryAfterMs } = await listScope(scope, () => batches, {
        clock,
        ms: deadlineFor(interval),
        signal,
      });
      signal.throwIfAborted();
      const committed = await commitListing(this.#tools, listing, generation, signal);
      if (committed === 'superseded') throw new TypeError('a later run has taken this scope over');
      this.#listed = true;
      this.#gap = listing.complete ? null : listing.reason;
      if (listing.complete) await this.#write([]);
      else if (listing.reason.kind === 'unreadable') this.#listAgainLater(session);
      else throw new ListingFailed(listing.reason, retryAfterMs);
      log.debug('watch.listed', { scope: scope.id, rows: listing.resources.size, complete: listing.complete });
    } finally {
      leave();
    }
  }

  /** Applies puts and confirms the scope; without puts it only confirms. */
  async #write(puts: readonly Put[]): Promise<void> {
    const { store, clock } = this.#tools;
    await store.apply(this.scope.id, puts, clock.now());
    this.#confirmed = clock.monotonic();
    // Events do not heal what a listing has missed.
    if (this.#gap) await store.mark(this.scope.id, stateAfter(this.#gap.kind, true), this.#gap, clock.now());
  }

  async #leaveGap(reason: Reason, session: AbortController): Promise<void> {
    const { store, clock } = this.#tools;
    if (!this.#gap) this.#listAgainLater(session);
    this.#gap = reason;
    await store.mark(this.scope.id, stateAfter(reason.kind, true), reason, clock.now());
  }

  #listAgainLater(session: AbortController): void {
    const { clock, random } = this.#tools;
    clock.sleep(jitter(this.#options.interval, random), session.signal).then(
      () => session.abort(new ListAgain()),
      () => {},
    );
  }

  /** Records why a session ended; returns the pause before the next. */
  async #fail(error: unknown, attempt: number): Promise<number> {
    const { store, clock, random, log } = this.#tools;
    if (error instanceof ListAgain) return jitter(1_000, random);
    const failed = error instanceof ListingFailed ? error : null;
    const reason = failed?.reason ?? explain(error, this.scope.label);
    const { kind, message } = reason;
    log.warn('watch.failed', { scope: this.scope.id, kind, message, ...(kind === 'internal' ? { error } : {}) });
    if (!failed) await store.mark(this.scope.id, stateAfter(kind, false), reason, clock.now()).catch(() => {});
    const hint = (failed ? failed.retryAfterMs : hintOf(error)) ?? 0;
    this.#notBefore = clock.monotonic() + hint;
    return Math.max(hint, this.#pauseAfter(kind, attempt));
  }

  #pauseAfter(kind: Reason['kind'], attempt: number): number {
    const { random } = this.#tools;
    // A refused credential is not tried again and again; a refused call may be granted any moment, but costs a request each time.
    if (kind === 'auth' || kind === 'config') return backoff(attempt, 30_000, 30 * 60_000, random);
    if (kind === 'permission' || kind === 'unsupported') return backoff(attempt, 5_000, this.#options.interval, random);
    return backoff(attempt, 1_000, 30_000, random);
  }
}
