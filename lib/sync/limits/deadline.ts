import type { Clock } from '#providers/contract.ts';
import { DeadlineExceeded } from '../run/reason.ts';

const LONGEST_RUN = 15 * 60_000;

/** How long one run of a scope may take: it must be over before the next is due. */
export const deadlineFor = (interval: number): number => Math.min(0.8 * interval, LONGEST_RUN);

/** Runs `work` with a signal that aborts with `signal`, or with {@link DeadlineExceeded} after `ms`. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const run = new AbortController();
  const over = new AbortController();
  const stop = () => run.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  clock.sleep(ms, over.signal).then(
    () => run.abort(new DeadlineExceeded(ms)),
    () => {},
  );
  try {
    return await work(run.signal);
  } finally {
    signal.removeEventListener('abort', stop);
    over.abort();
  }
}
