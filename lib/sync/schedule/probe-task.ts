import { type Scope, stateAfter } from '#lib/model/index.ts';
import { deadlineFor, withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import { explain, hintOf } from '../run/reason.ts';
import type { Tools } from '../source.ts';
import { accountOf } from './account.ts';
import { backoff } from './jitter.ts';
import type { ListTaskOptions, Refresh, ScopeTask } from './scope-task.ts';
import { Waker } from './waker.ts';

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 30 * 60_000;

export interface ProbeTaskOptions extends Pick<ListTaskOptions, 'connection' | 'provider' | 'gates' | 'interval'> {
  /** Told that it can be discovered now. */
  recovered(): void;
}

/** Tries again, after pauses of its own, what could not be discovered further: each dead cluster backs off by itself. */
export class ProbeTask implements ScopeTask {
  scope: Scope;
  readonly #tools: Tools;
  readonly #options: ProbeTaskOptions;
  readonly #waker: Waker;
  #notBefore = Number.NEGATIVE_INFINITY;
  #pausing = false;

  constructor(tools: Tools, scope: Scope, options: ProbeTaskOptions) {
    this.scope = scope;
    this.#tools = tools;
    this.#options = options;
    this.#waker = new Waker(tools.clock);
  }

  refresh(): Refresh {
    if (!this.#pausing || this.#tools.clock.monotonic() < this.#notBefore) return 'coalesced';
    this.#pausing = false;
    this.#waker.wake();
    return 'accepted';
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#tools;
    for (let attempt = 0; ; attempt++) {
      const hint = await this.#attempt(signal);
      this.#notBefore = clock.monotonic() + hint;
      const pause = Math.max(hint, backoff(attempt, FIRST_PAUSE, LONGEST_PAUSE, random));
      this.#pausing = true;
      await this.#waker.sleepUntil(clock.monotonic() + pause, signal);
      this.#pausing = false;
    }
  }

  /** Returns how long the provider asked to wait. */
  async #attempt(signal: AbortSignal): Promise<number> {
    const { store, clock, log } = this.#tools;
    const { connection, provider, gates, interval, recovered } = this.#options;
    const { scope } = this;
    const leave = await gates.enter(provider, accountOf(scope), true, signal);
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
      leave();
    }
  }
}
