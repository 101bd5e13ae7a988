const QUARTER_MS = 900_000;
/** The last part of each quarter of an hour, in which the throttled subscription answers. */
const CALM_MS = 300_000;

/** Milliseconds until the throttled subscription of the fleet answers again; 0 while it does. */
export function throttledFor(now: number): number {
  const into = now % QUARTER_MS;
  return Math.max(0, QUARTER_MS - CALM_MS - into);
}
