import type { Ask, Said } from '#lib/index/protocol.ts';
import type { ServeClock } from '#lib/index/serve.ts';
import { serve } from '#lib/index/serve.ts';
import type { Spawn } from '#lib/index/thread.ts';
import type { ReadStore } from '#lib/store/reader.ts';

/** A worker that runs where the test runs: the same wire, messages copied, and a way to die. */
export function inProcessWorker(open: () => Promise<ReadStore>, clock: ServeClock) {
  let kill: (error: Error) => void = () => {};
  let started = 0;
  const spawn: Spawn = ({ said, ended }) => {
    started++;
    const stop = new AbortController();
    let hear: (ask: Ask) => void = () => {};
    let isGone = false;
    const end = (error: Error | null) => {
      if (isGone) return;
      isGone = true;
      stop.abort(new Error('stopped'));
      ended(error);
    };
    kill = end;
    const wire = {
      postMessage: (message: Said) => queueMicrotask(() => isGone || said(structuredClone(message))),
      on: (_: 'message', listener: (ask: Ask) => void) => {
        hear = listener;
      },
    };
    const served = serve(wire, open, clock, stop.signal).then(
      () => end(null),
      (error) => end(error instanceof Error ? error : new Error(String(error))),
    );
    return {
      ask: (ask) => queueMicrotask(() => isGone || hear(structuredClone(ask))),
      stop: async () => {
        end(null);
        await served;
      },
    };
  };
  return { spawn, kill: (error: Error) => kill(error), started: () => started };
}
