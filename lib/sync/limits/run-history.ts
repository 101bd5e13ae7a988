import type { Reason } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import type { Tools } from '../source.ts';

const LONGEST_WAIT = 30 * 60_000;

/** What became of one run. `kind` is null for a complete listing, `cancelled` for a run that left no trace. */
export interface Outcome {
  kind: Reason['kind'] | null;
  /** How long the provider asked to wait; null if it did not ask. */
  retryAfterMs: number | null;
}

/** What the earlier runs of a scope say of the next. Moments are of the monotonic clock. */
export class RunHistory {
  readonly #tools: Tools;
  readonly #interval: number;
  #throttles = 0;
  /** It has not failed since its last complete listing; a throttled run is no failure. */
  healthy = true;
  lastStart = Number.NEGATIVE_INFINITY;
  /** No run before this moment, whoever asks: a provider said so. */
  notBefore = Number.NEGATIVE_INFINITY;

  constructor(tools: Tools, interval: number) {
    this.#tools = tools;
    this.#interval = interval;
  }

  record({ kind, retryAfterMs }: Outcome): void {
    const { clock, random } = this.#tools;
    if (kind === null) {
      this.healthy = true;
      this.#throttles = 0;
    } else if (kind === 'rate-limit') {
      const wait = backoff(this.#throttles++, { firstMs: this.#interval, longestMs: LONGEST_WAIT }, random);
      this.notBefore = clock.monotonic() + Math.max(wait, retryAfterMs ?? 0);
    } else if (kind !== 'cancelled') this.healthy = false;
  }
}
