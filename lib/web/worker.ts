import { parentPort, workerData } from 'node:worker_threads';
import { readQuestions } from '#lib/questions/kit/table.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore } from '#lib/store/reader.ts';
import { serve } from './serve.ts';

/** The thread that holds the index: `workerData` is `{ path }` of the store. */
const { path } = workerData as { path: string };
const wire = parentPort;
if (wire === null) throw new Error('lib/web/worker.ts runs as a worker thread');

const stop = new AbortController();
wire.on('close', () => stop.abort());

await serve(wire, await readQuestions(), () => openReadStore(path), systemClock, stop.signal);
