import { type Batch, type Reason, type Scope, stateAfter } from '#lib/model/index.ts';
import { jitter } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import type { Upsert } from '#lib/store/port.ts';
import { type Connection, type Provider, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { guarded } from '../limits/guard.ts';
import { Outage } from '../limits/outage.ts';
import type { Reconnects } from '../limits/reconnect.ts';
import type { Semaphores } from '../limits/semaphores.ts';
import { misfit, withValidErrors } from '../run/accept.ts';
import { explain, hintOf } from '../run/reason.ts';
import { commitListing, listAcceptDrain, sawNothing } from '../run/run-scope.ts';
import { UpsertBuffer } from '../run/upsert-buffer.ts';
import { accountOf, type Tools } from '../source.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';

/** Heartbeats are written this often at most. */
const CONFIRM_MS = 10_000;

export type Watch = NonNullable<Connection['watch']>;

export interface WatchTaskOptions {
  watch: Watch;
  provider: Provider;
  semaphores: Semaphores;
  reconnects: Reconnects;
  interval: number;
  /** Milliseconds until the watch begins. */
  delay: number;
}

/** Ends a session whose listing had gaps, so that the next one lists again. */
class ListAgain extends Error {
  override readonly name = 'ListAgain';
}

/** A listing inside of a watch broke off. */
class ListingFailed extends Error {
  override readonly name = 'ListingFailed';
  readonly reason: Reason;
  readonly retryAfterMs: number | null;
  /** Its rows are committed and its scope is marked already. */
  readonly isCommitted: boolean;
  constructor(reason: Reason, retryAfterMs: number | null, isCommitted: boolean) {
    super(reason.kind);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.isCommitted = isCommitted;
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
  readonly #timer: Timer;
  readonly #outage: Outage;
  #session: AbortController | null = null;
  #pausing = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** False until a listing of this process stands behind the rows. */
  #listed = false;
  /** A stream has sent an event after its listing. */
  #streamed = false;
  /** Why the last listing was not complete; null if it was. */
  #gap: Reason | null = null;
  #confirmed = Number.NEGATIVE_INFINITY;

  constructor(tools: Tools, scope: Scope, options: WatchTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#timer = new Timer(tools.clock);
    this.#outage = new Outage(tools, options.reconnects, options.interval);
  }

  /** A watch that lives is as fresh as can be; one that pauses is begun now. */
  refresh(): Refresh {
    if (!this.#pausing || this.#tools.clock.monotonic() < this.#notBefore) return 'coalesced';
    this.#pausing = false;
    this.#timer.wake();
    return 'accepted';
  }

  /** @throws WatchUnsupported where the scope can be listed but not watched */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    const buffer = new UpsertBuffer(
      clock,
      signal,
      (upserts) => this.#write(upserts),
      (error) => this.#session?.abort(error),
    );
    try {
      await this.#timer.sleepUntil(clock.monotonic() + this.#options.delay, signal);
      for (;;) {
        const began = clock.monotonic();
        const error = await this.#watch(buffer, signal);
        signal.throwIfAborted();
        if (error instanceof ProviderError && error.kind === 'unsupported' && !this.#streamed)
          throw new WatchUnsupported(error.message);
        const pause = await this.#fail(error, clock.monotonic() - began);
        this.#pausing = true;
        await this.#timer.sleepUntil(clock.monotonic() + pause, signal);
        this.#pausing = false;
      }
    } finally {
      this.#outage.end();
    }
  }

  /** One session: returns why it ended. */
  async #watch(buffer: UpsertBuffer, signal: AbortSignal): Promise<unknown> {
    const session = new AbortController();
    const stop = () => session.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#session = session;
    this.#tools.log.debug('watch.started', { scope: this.scope.id });
    try {
      // Events do not heal what a listing has missed; only a new one does.
      const call = { signal: session.signal, resume: this.#listed && this.#gap === null };
      const events = guarded(() => this.#options.watch(this.scope, call), session.signal);
      for await (const event of events) await this.#take(event, buffer, session);
      return new TypeError('a watch never ends by itself');
    } catch (error) {
      return session.signal.aborted ? session.signal.reason : error;
    } finally {
      this.#session = null;
      signal.removeEventListener('abort', stop);
      buffer.withdraw();
      // Events before the end are true. A write that fails is kept for the next session.
      if (!signal.aborted) await buffer.flush().catch(() => {});
      session.abort(new ListAgain());
    }
  }

  async #take(event: WatchEvent, buffer: UpsertBuffer, session: AbortController): Promise<void> {
    if (event.type !== 'listing' && !this.#listed) throw new TypeError('a watch begins with a listing');
    if (event.type !== 'listing') this.#streamed = true;
    switch (event.type) {
      case 'listing':
        buffer.withdraw();
        await buffer.flush().catch(() => buffer.clear());
        return this.#list(event.batches, session);
      case 'upsert': {
        const wrong = this.#checkUpsert(event);
        if (wrong === null) return buffer.add(withValidErrors(event));
        await buffer.flush();
        return this.#leaveGap({ kind: 'unreadable', message: `${this.scope.label}: ${wrong}` }, session);
      }
      case 'heartbeat':
        if (this.#outage.lasts && !this.#gap) return buffer.confirm();
        if (this.#gap || this.#tools.clock.monotonic() - this.#confirmed < CONFIRM_MS) return;
        await buffer.flush();
        if (this.#tools.clock.monotonic() - this.#confirmed >= CONFIRM_MS) await this.#write([]);
        return;
      default:
        throw new TypeError('not an event of a watch');
    }
  }

  #checkUpsert(upsert: Upsert): string | null {
    if (typeof upsert.objectId !== 'string' || upsert.objectId === '' || !Array.isArray(upsert.resources))
      return 'upsert: expected rows';
    for (const resource of upsert.resources) {
      const wrong = misfit(this.scope, resource);
      if (wrong) return wrong;
      if (resource.objectId !== upsert.objectId) return 'objectId: expected that of the upsert';
    }
    return null;
  }

  async #list(batches: AsyncIterable<Batch>, session: AbortController): Promise<void> {
    const { store, log } = this.#tools;
    const { semaphores, provider } = this.#options;
    const { scope } = this;
    const { signal } = session;
    const release = await semaphores.acquire(provider, accountOf(scope), this.#gap !== null, signal);
    try {
      const generation = await store.nextGeneration(scope.id);
      const listing = await listAcceptDrain(this.#tools, scope, () => batches, this.#options, signal);
      const isBlank = sawNothing(listing);
      const committed = isBlank ? 'blank' : await commitListing(this.#tools, listing, generation, signal);
      if (committed === 'superseded') throw new TypeError('a later run has taken this scope over');
      this.#listed = true;
      this.#gap = listing.complete ? null : listing.reason;
      if (listing.complete) await this.#write([]);
      else if (listing.reason.kind === 'unreadable') this.#listAgainLater(session);
      else throw new ListingFailed(listing.reason, hintOf(listing.error), !isBlank);
      log.debug('watch.listed', { scope: scope.id, rows: listing.resources.size, complete: listing.complete });
    } finally {
      release();
    }
  }

  /** Applies upserts and confirms the scope; without any it only confirms. */
  async #write(upserts: readonly Upsert[]): Promise<void> {
    const { store, clock } = this.#tools;
    await store.apply(this.scope.id, upserts, clock.now());
    this.#confirmed = clock.monotonic();
    // Events do not heal what a listing has missed.
    if (this.#gap) await store.mark(this.scope.id, stateAfter(this.#gap.kind, true), this.#gap, clock.now());
    else this.#outage.over();
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

  /** Records why a session ended; returns the pause before the next. @param held milliseconds that it lasted */
  async #fail(error: unknown, held: number): Promise<number> {
    const { store, clock, random, log } = this.#tools;
    if (error instanceof ListAgain) return jitter(1_000, random);
    const failed = error instanceof ListingFailed ? error : null;
    const { state, reason, pause, isNews } = this.#outage.fail(
      failed?.reason ?? explain(error, this.scope.label),
      held,
    );
    const { kind, message } = reason;
    const fields = { scope: this.scope.id, kind, message, ...(kind === 'internal' ? { error } : {}) };
    if (isNews) log.warn('watch.failed', fields);
    else log.debug('watch.failed', fields);
    if (!failed?.isCommitted || state === 'reconnecting')
      await store.mark(this.scope.id, state, reason, clock.now()).catch(() => {});
    const hint = (failed ? failed.retryAfterMs : hintOf(error)) ?? 0;
    this.#notBefore = clock.monotonic() + hint;
    return Math.max(hint, pause);
  }
}
