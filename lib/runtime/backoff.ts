/** Uniform in [0, 1). */
export type Random = () => number;

/** `ms` give or take a share of it, a tenth unless said otherwise, so that what began together does not stay together. */
export const jitter = (ms: number, random: Random, share = 0.1): number => ms * (1 - share + 2 * share * random());

export interface Backoff {
  firstMs: number;
  /** Default: no limit. */
  longestMs?: number;
  /** By which each pause is longer than the last; default 2. */
  factor?: number;
  /**
   * What chance makes of a pause: give or take this share of it, default 0.1; `full`, anything up to it; `equal`, its half and
   * anything up to its other half; `none`.
   * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  jitter?: number | 'full' | 'equal' | 'none';
}

/**
 * How long to wait after a failure, in ms.
 * @param attempt failures in a row before this one: the first pause is that of 0
 */
export function backoff(attempt: number, options: Backoff & { jitter: 'none' }): number;
export function backoff(attempt: number, options: Backoff, random: Random): number;
export function backoff(attempt: number, options: Backoff, random: Random = () => 0): number {
  const { firstMs, longestMs = Number.POSITIVE_INFINITY, factor = 2, jitter: chance = 0.1 } = options;
  // Thirty doublings are beyond any limit, and no number overflows.
  const pause = Math.min(firstMs * factor ** Math.min(attempt, 30), longestMs);
  switch (chance) {
    case 'none':
      return pause;
    case 'full':
      return pause * random();
    case 'equal':
      return pause / 2 + (pause * random()) / 2;
    default:
      return jitter(pause, random, chance);
  }
}
