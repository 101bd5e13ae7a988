import type { Reason } from '#lib/model/index.ts';
import { backoff, type Random } from '#lib/runtime/backoff.ts';

/** What broke may be back any moment: with these pauses, and so many tries, it is looked for some ten minutes long. */
const SOON = { firstMs: 500, longestMs: 2_000 };
const SOON_TRIES = 300;
const LATER = { firstMs: 30_000, longestMs: 30_000 };
/** However many have broken, all of them together are tried fifty times a second at most. */
const SPACING_MS = 20;

/** True for failures of the way to a system and not of its answer. Half an answer is one: a killed server leaves it behind. */
export const isBreak = (kind: Reason['kind']): boolean =>
  kind === 'network' || kind === 'timeout' || kind === 'bad-reply';

/** The one place that knows when to try again what does not answer. */
export class Reconnects {
  readonly #random: Random;
  readonly #waiting = new Set<object>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds until `who` tries again. @param attempt tries in a row that failed before this one */
  pause(who: object, attempt: number): number {
    this.#waiting.add(who);
    const pause = backoff(attempt, attempt < SOON_TRIES ? SOON : LATER, this.#random);
    return Math.max(pause, SPACING_MS * this.#waiting.size);
  }

  /** It answers, or nobody wants it any more. */
  over(who: object): void {
    this.#waiting.delete(who);
  }
}
