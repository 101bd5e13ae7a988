import type { Scope } from '#lib/model/index.ts';
import { jitter } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import { RunHistory } from '../limits/run-history.ts';
import { type Run, runScope } from '../run/run-scope.ts';
import type { Tools } from '../source.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';

/** A person who keeps pressing "refresh" gets one run out of it. */
const REFRESH_PAUSE = 10_000;

export interface ListTaskOptions extends Omit<Run, 'history' | 'asked'> {
  /** Milliseconds until the first run. */
  delay: number;
  /** Called with the periods that went by while a run took longer than its interval. */
  skipped(ticks: number): void;
}

/** Lists a scope on its schedule: one run at a time, on the monotonic clock. */
export class ListTask implements ScopeTask {
  scope: Scope;
  readonly #tools: Tools;
  readonly #options: ListTaskOptions;
  readonly #timer: Timer;
  readonly #history: RunHistory;
  #running = false;
  #asked = false;

  constructor(tools: Tools, scope: Scope, options: ListTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#timer = new Timer(tools.clock);
    this.#history = new RunHistory(tools, options.interval);
  }

  refresh(): Refresh {
    const now = this.#tools.clock.monotonic();
    const { notBefore, lastStart } = this.#history;
    if (this.#running || this.#asked || now < notBefore || now - lastStart < REFRESH_PAUSE) return 'coalesced';
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
      await runScope(this.#tools, this.scope, { ...this.#options, history: this.#history, asked }, signal);
      this.#running = false;
      due = this.#nextDue(asked ? start : due);
    }
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
    return Math.max(next, this.#history.notBefore);
  }
}
