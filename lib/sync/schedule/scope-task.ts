import type { Reason, Scope } from '#lib/model/index.ts';
import { backoff, jitter } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import type { Connection, Provider } from '#providers/contract.ts';
import type { Breaker } from '../limits/breaker.ts';
import { deadlineFor } from '../limits/deadline.ts';
import type { Semaphores } from '../limits/semaphores.ts';
import { type Outcome, runScope } from '../run/run-scope.ts';
import type { Tools } from '../source.ts';
import { accountOf } from './account.ts';

const LONGEST_WAIT = 30 * 60_000;
/** A person who keeps pressing "refresh" gets one run out of it. */
const REFRESH_PAUSE = 10_000;

export type Refresh = 'accepted' | 'coalesced';

/** Keeps one scope current until its signal aborts. */
export interface ScopeTask {
  scope: Scope;
  run(signal: AbortSignal): Promise<void>;
  refresh(): Refresh;
}

export interface ListTaskOptions {
  connection: Connection;
  provider: Provider;
  semaphores: Semaphores;
  breaker: Breaker;
  interval: number;
  /** Milliseconds until the first run. */
  delay: number;
  /** Told of each period that went by while a run took longer than its interval. */
  skipped(ticks: number): void;
}

/** Lists a scope on its schedule: one run at a time, on the monotonic clock. */
export class ListTask implements ScopeTask {
  scope: Scope;
  readonly #tools: Tools;
  readonly #options: ListTaskOptions;
  readonly #timer: Timer;
  #running = false;
  #asked = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Not before this moment, whoever asks: a provider said so. */
  #notBefore = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #throttles = 0;

  constructor(tools: Tools, scope: Scope, options: ListTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#timer = new Timer(tools.clock);
  }

  refresh(): Refresh {
    const now = this.#tools.clock.monotonic();
    if (this.#running || this.#asked || now < this.#notBefore || now - this.#lastStart < REFRESH_PAUSE) {
      return 'coalesced';
    }
    this.#asked = true;
    this.#timer.wake();
    return 'accepted';
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    let due = clock.monotonic() + this.#options.delay;
    for (;;) {
      if (!this.#asked) await this.#timer.sleepUntil(due, signal);
      const asked = this.#asked;
      this.#asked = false;
      const start = clock.monotonic();
      this.#running = true;
      await this.#attempt(asked, signal);
      this.#running = false;
      due = this.#nextDue(asked ? start : due);
    }
  }

  async #attempt(asked: boolean, signal: AbortSignal): Promise<void> {
    const { semaphores, breaker, provider, connection, interval } = this.#options;
    const { scope } = this;
    const release = await semaphores.acquire(provider, accountOf(scope), this.#failures > 0, signal);
    try {
      const admission = breaker.admit(this.#failures === 0, asked);
      if (admission === 'wait') {
        this.#tools.log.debug('scope.skipped', { scope: scope.id, reason: 'breaker' });
        return;
      }
      this.#lastStart = this.#tools.clock.monotonic();
      const outcome = await runScope(this.#tools, connection, scope, { deadline: deadlineFor(interval), signal });
      this.#learn(outcome);
      const wasOpen = breaker.open;
      breaker.report(admission, reasonOf(outcome));
      if (breaker.open !== wasOpen) {
        this.#tools.log.warn('scope.breaker', { source: scope.source, account: scope.account, open: breaker.open });
      }
    } finally {
      release();
    }
    signal.throwIfAborted();
  }

  #learn(outcome: Outcome): void {
    if (outcome.result === 'complete') this.#failures = this.#throttles = 0;
    if (outcome.result !== 'incomplete') return;
    const { clock, random } = this.#tools;
    if (outcome.reason.kind !== 'rate-limit') {
      this.#failures++;
      return;
    }
    const wait = backoff(this.#throttles++, { firstMs: this.#options.interval, longestMs: LONGEST_WAIT }, random);
    this.#notBefore = clock.monotonic() + Math.max(wait, outcome.retryAfterMs ?? 0);
  }

  /** The next moment of the schedule that lies ahead; those that a long run has swallowed are counted, not made up for. */
  #nextDue(due: number): number {
    const { random, clock } = this.#tools;
    const { interval, skipped } = this.#options;
    const now = clock.monotonic();
    let next = due + jitter(interval, random);
    if (next <= now) {
      const missed = Math.floor((now - next) / interval) + 1;
      skipped(missed);
      next += missed * interval;
    }
    return Math.max(next, this.#notBefore);
  }
}

/** What the breaker is told: null for a complete listing. */
function reasonOf(outcome: Outcome): Reason['kind'] | null {
  if (outcome.result === 'complete') return null;
  return outcome.result === 'incomplete' ? outcome.reason.kind : 'cancelled';
}
