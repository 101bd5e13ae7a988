import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Ask, Said } from './protocol.ts';

/** A running worker as the service sees it. */
export interface Thread {
  ask(ask: Ask): void;
  stop(): Promise<void>;
}

export interface ThreadEvents {
  said(said: Said): void;
  /** It is gone, whatever the reason. Called once. */
  ended(error: Error | null): void;
}

export type Spawn = (events: ThreadEvents) => Thread;

/**
 * Starts the worker of a store. Node runs the file as it is; its path is made from the working directory, because a bundler
 * would follow any other way to name it.
 */
export function workerOf(store: string): Spawn {
  return ({ said, ended }) => {
    const file = path.join(/*turbopackIgnore: true*/ process.cwd(), 'lib/index/worker.ts');
    const worker = new Worker(file, { name: 'muster-index', workerData: { path: store } });
    let error: Error | null = null;
    worker.on('message', said);
    worker.on('error', (cause) => {
      error = cause instanceof Error ? cause : new Error(String(cause));
    });
    worker.on('exit', () => ended(error));
    return {
      ask: (ask) => worker.postMessage(ask),
      stop: async () => {
        await worker.terminate();
      },
    };
  };
}
