import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { LogState } from './checkpointer.ts';

/*
 * The thread that copies the log into the database: `workerData` is `{ path }`, each message asks for one checkpoint, the message
 * `close` for the end. PASSIVE, because the others hold the writer's lock while they copy.
 */

const { path } = workerData as { path: string };
const wire = parentPort;
if (wire === null) throw new Error('checkpoint-worker.ts runs as a worker thread');

const db = new Database(path, { fileMustExist: true, timeout: 0 });
db.pragma('synchronous = FULL');

wire.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'checkpoint') {
    const [state] = db.pragma('wal_checkpoint(PASSIVE)') as LogState[];
    wire.postMessage(state);
  } else {
    db.close();
    wire.close();
  }
});
