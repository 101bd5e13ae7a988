import { readQuestions } from '#lib/questions/kit/table.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import type { WorkerRequest, WorkerResponse } from '#lib/web/protocol.ts';
import { serve } from '#lib/web/serve.ts';
import type { Spawn } from '#lib/web/thread.ts';

const questions = await readQuestions();

/** A worker that runs where the test runs: the same wire, messages copied, and a way to die. */
export function inProcessWorker(open: () => Promise<ReadStore>, clock: Clock) {
  let kill: (error: Error) => void = () => {};
  let started = 0;
  const spawn: Spawn = ({ received, ended }) => {
    started++;
    const stop = new AbortController();
    let hear: (request: WorkerRequest) => void = () => {};
    let isGone = false;
    const end = (error: Error | null) => {
      if (isGone) return;
      isGone = true;
      stop.abort(new Error('stopped'));
      ended(error);
    };
    kill = end;
    const wire = {
      postMessage: (message: WorkerResponse) => queueMicrotask(() => isGone || received(structuredClone(message))),
      on: (_: 'message', listener: (request: WorkerRequest) => void) => {
        hear = listener;
      },
    };
    const served = serve(wire, questions, open, clock, stop.signal).then(
      () => end(null),
      (error) => end(error instanceof Error ? error : new Error(String(error))),
    );
    return {
      send: (request) => queueMicrotask(() => isGone || hear(structuredClone(request))),
      stop: async () => {
        end(null);
        await served;
      },
    };
  };
  return { spawn, kill: (error: Error) => kill(error), started: () => started };
}
