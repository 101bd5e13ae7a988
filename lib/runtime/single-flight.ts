import { abortable } from './abort.ts';

type Call = Readonly<{ signal: AbortSignal }>;

/**
 * One run of a job for all who want its result at the same time. Nobody's abort is another's: the job is told to stop only once the
 * last of them has left.
 */
export function singleFlight<T>(job: (call: Call) => Promise<T>): (call: Call) => Promise<T> {
  interface Run {
    result: Promise<T>;
    waiting: number;
    stop: AbortController;
  }
  let running: Run | null = null;

  function begin(): Run {
    const stop = new AbortController();
    const run: Run = { result: job({ signal: stop.signal }), waiting: 0, stop };
    const over = () => {
      if (running === run) running = null;
    };
    run.result.then(over, over);
    running = run;
    return run;
  }

  return async ({ signal }) => {
    signal.throwIfAborted();
    const run = running ?? begin();
    run.waiting++;
    try {
      return await abortable(run.result, signal);
    } finally {
      if (--run.waiting === 0) {
        if (running === run) running = null;
        run.stop.abort(signal.reason);
      }
    }
  };
}
