import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openReadStore } from '#lib/store/reader.ts';
import { serve } from './serve.ts';

/** The thread that holds the index: `workerData` is `{ path }` of the store. */
const { path } = workerData as { path: string };
const wire = parentPort;
if (wire === null) throw new Error('lib/index/worker.ts runs as a worker thread');

const stop = new AbortController();
wire.on('close', () => stop.abort());

await serve(
  wire,
  () => openReadStore(path),
  {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  },
  stop.signal,
);
