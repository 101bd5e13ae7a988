import { type Scope, stateAfter } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import { type Lister, probeScope } from '../run/run-scope.ts';
import type { Tools } from '../source.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';

const PAUSES = { firstMs: 5_000, longestMs: 30 * 60_000 };

export interface ProbeTaskOptions extends Lister {
  /** Called when it can be discovered. */
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
      const retryAfterMs = await this.#attempt(signal);
      this.#notBefore = clock.monotonic() + retryAfterMs;
      const pause = Math.max(retryAfterMs, backoff(attempt, PAUSES, random));
      this.#pausing = true;
      await this.#timer.sleepUntil(clock.monotonic() + pause, signal);
      this.#pausing = false;
    }
  }

  /** Returns how long the provider asked to wait. */
  async #attempt(signal: AbortSignal): Promise<number> {
    const { store, clock } = this.#tools;
    const probe = await probeScope(this.#tools, this.scope, this.#options, false, signal);
    if ('uids' in probe) {
      this.#options.recovered();
      return 0;
    }
    const { reason, retryAfterMs } = probe;
    await store.mark(this.scope.id, stateAfter(reason.kind, false), reason, clock.now()).catch(() => {});
    return retryAfterMs;
  }
}
