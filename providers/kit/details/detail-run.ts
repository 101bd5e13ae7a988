import { type Environment, ProviderError } from '#providers/contract.ts';

const LIMIT_MS = 30_000;
/** A call that always gets on and never comes to its end. */
const LONGEST_MS = 5 * 60_000;

/** Nobody wants the answer any more. */
export const LEFT = new Error('no longer wanted');

/** One call beside a list, on its way. */
export interface Run {
  readonly over: Promise<void>;
  readonly stop: AbortController;
  readonly watchers: Set<() => void>;
  waiting: number;
  /** Rows have gone on without it; it goes on for those to come. */
  leftBehind: boolean;
  fatal: ProviderError | null;
}

/** Starts a call, with its limits; `job` never rejects. */
export function begin(
  { clock }: Environment,
  { account, limitMs = LIMIT_MS }: { account: string; limitMs?: number },
  job: (run: Run, heartbeat: () => void) => Promise<void>,
): Run {
  const stop = new AbortController();
  const giveUp = (ms: number) => () =>
    stop.abort(new ProviderError('timeout', account, `gives no whole answer within ${ms / 1000} s`));
  const disarmLongest = clock.alarm(LONGEST_MS, giveUp(LONGEST_MS));
  let disarm = clock.alarm(limitMs, giveUp(limitMs));
  const watchers = new Set<() => void>();
  const heartbeat = () => {
    disarm();
    disarm = clock.alarm(limitMs, giveUp(limitMs));
    for (const watcher of watchers) watcher();
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const run: Run = { over: promise, stop, watchers, waiting: 0, leftBehind: false, fatal: null };
  job(run, heartbeat).finally(() => {
    disarm();
    disarmLongest();
    resolve();
  });
  return run;
}
