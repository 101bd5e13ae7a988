import { type Scope, stateAfter } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import { deadlineFor, withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import { explain, hintOf } from '../run/reason.ts';
import type { Tools } from '../source.ts';
import { accountOf } from './account.ts';
import type { ListTaskOptions, Refresh, ScopeTask } from './scope-task.ts';

const PAUSES = { firstMs: 5_000, longestMs: 30 * 60_000 };

export interface ProbeTaskOptions extends Pick<ListTaskOptions, 'connection' | 'provider' | 'semaphores' | 'interval'> {
  /** Told that it can be discovered now. */
  recovered(): void;
}

/** Tries again, after pauses of its own, what could not be discovered further: each dead cluster backs off by itself. */
export class ProbeTask implements ScopeTask {
  scope: Scope;
  readonly #tools: Tools;
  readonly #options: ProbeTaskOptions;
  readonly #timer: Timer;
  #notBefore = Number.NEGATIVE_INFINITY;
  #pausing = false;

  constructor(tools: Tools, scope: Scope, options: ProbeTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#timer = new Timer(tools.clock);
  }

  refresh(): Refresh {
    if (!this.#pausing || this.#tools.clock.monotonic() < this.#notBefore) return 'coalesced';
    this.#pausing = false;
    this.#timer.wake();
    return 'accepted';
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#tools;
    for (let attempt = 0; ; attempt++) {
      const hint = await this.#attempt(signal);
      this.#notBefore = clock.monotonic() + hint;
      const pause = Math.max(hint, backoff(attempt, PAUSES, random));
      this.#pausing = true;
      await this.#timer.sleepUntil(clock.monotonic() + pause, signal);
      this.#pausing = false;
    }
  }

  /** Returns how long the provider asked to wait. */
  async #attempt(signal: AbortSignal): Promise<number> {
    const { store, clock, log } = this.#tools;
    const { connection, provider, semaphores, interval, recovered } = this.#options;
    const { scope } = this;
    const release = await semaphores.acquire(provider, accountOf(scope), true, signal);
    try {
      await withDeadline(clock, deadlineFor(interval), signal, async (limited) => {
        for await (const _ of guarded(() => connection.list(scope, { signal: limited }), limited));
      });
      recovered();
      return 0;
    } catch (error) {
      signal.throwIfAborted();
      const reason = explain(error, scope.label);
      log.debug('scope.failed', { scope: scope.id, stage: 'list', kind: reason.kind, message: reason.message });
      await store.mark(scope.id, stateAfter(reason.kind, false), reason, clock.now()).catch(() => {});
      return hintOf(error) ?? 0;
    } finally {
      release();
    }
  }
}
