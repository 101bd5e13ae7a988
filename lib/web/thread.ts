import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerRequest, WorkerResponse } from './protocol.ts';

/** A running worker as the service sees it. */
export interface Thread {
  send(request: WorkerRequest): void;
  stop(): Promise<void>;
}

export interface ThreadEvents {
  received(response: WorkerResponse): void;
  /** It is gone, whatever the reason. Called once. */
  ended(error: Error | null): void;
}

export type Spawn = (events: ThreadEvents) => Thread;

/**
 * Starts the worker of a store. Node runs the file as it is; its path is made from the working directory, because a bundler
 * would follow any other way to name it.
 */
export function workerOf(store: string): Spawn {
  return ({ received, ended }) => {
    const file = path.join(/*turbopackIgnore: true*/ process.cwd(), 'lib/web/worker.ts');
    const worker = new Worker(file, { name: 'muster-index', workerData: { path: store } });
    let error: Error | null = null;
    worker.on('message', received);
    worker.on('error', (cause) => {
      error = cause instanceof Error ? cause : new Error(String(cause));
    });
    worker.on('exit', () => ended(error));
    return {
      send: (request) => worker.postMessage(request),
      stop: async () => {
        await worker.terminate();
      },
    };
  };
}
