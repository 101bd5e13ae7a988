import { constants } from 'node:os';
import type { Parts } from './parts.ts';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A part drains its requests in at most 10 seconds; what is still there after this is killed. */
const DRAIN_MS = 15_000;
/** Terminal, shell and npm each pass one and the same Ctrl-C on; a signal after this is a second one. */
const SAME_SIGNAL_MS = 2_000;

/** The first signal stops the parts, a second one kills them. */
export function stopOnSignals(parts: Parts): void {
  let first: number | undefined;
  const onSignal = () => {
    if (first === undefined) {
      first = performance.now();
      parts.stop();
      setTimeout(parts.kill, DRAIN_MS).unref();
    } else if (performance.now() - first > SAME_SIGNAL_MS) parts.kill();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

/** Ends this process in the orderly way, so that its exit listeners end the processes that it started. */
export const endOnSignal = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal]);

/** Listens with `endOnSignal` while `work` runs. */
export async function endingOnSignals<T>(work: () => Promise<T>): Promise<T> {
  for (const signal of SIGNALS) process.on(signal, endOnSignal);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, endOnSignal);
  }
}
