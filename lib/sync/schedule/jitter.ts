/** Uniform in [0, 1). */
export type Random = () => number;

/** `ms` give or take a tenth, so that what began together does not stay together. */
export const jitter = (ms: number, random: Random): number => ms * (0.9 + 0.2 * random());

/** The wait before attempt `attempt` (from 0): doubles from `first` up to `longest`, give or take a tenth. */
export const backoff = (attempt: number, first: number, longest: number, random: Random): number =>
  jitter(Math.min(first * 2 ** Math.min(attempt, 30), longest), random);
