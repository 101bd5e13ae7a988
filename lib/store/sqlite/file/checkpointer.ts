import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type Database from 'better-sqlite3';

/** What SQLite says of a log, in pages. */
export interface LogState {
  log: number;
  checkpointed: number;
}

/** Bytes of log from which on it is copied: SQLite's own default is as much. */
const COPY_FROM = 4 * 1024 * 1024;
/** Pages, where the thread is no more and commits have to do it themselves: SQLite's default. */
const ON_COMMIT = 1000;

/**
 * Copies the write-ahead log into the database on a thread of its own. After a commit of 50,000 rows SQLite would do it at once, in
 * the commit: half a second in which the collector hears nothing. The thread starts when there is something to copy.
 */
export class Checkpointer {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #pageSize: number;
  readonly #limit: number;
  readonly #held: (bytes: number) => void;
  #worker: Worker | null = null;
  #failed = false;
  #busy = false;
  /** Size at which a log that a reader holds is told of next. */
  #reportFrom: number;

  /** @param limit, held as in `WriteStoreOptions` */
  constructor(db: Database.Database, path: string, options: { limit: number; held: (bytes: number) => void }) {
    this.#db = db;
    this.#path = path;
    this.#pageSize = Number(db.pragma('page_size', { simple: true }));
    this.#held = options.held;
    this.#limit = options.limit;
    this.#reportFrom = options.limit;
    db.pragma('wal_autocheckpoint = 0');
  }

  /** Bytes of the log that are not in the database yet. */
  get backlog(): number {
    const [state] = this.#db.pragma('wal_checkpoint(NOOP)') as LogState[];
    return this.#behind(state);
  }

  /** After each commit, outside of a transaction. */
  committed(): void {
    if (this.#busy || this.#failed) return;
    if (this.backlog < COPY_FROM) return;
    this.#busy = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  /** Waits for the copy that is under way. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null || this.#failed) return;
    this.#worker = null;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  #behind(state: LogState | undefined): number {
    return state ? Math.max(0, state.log - state.checkpointed) * this.#pageSize : 0;
  }

  /** What is left after a copy is held by a reader: its snapshot stands before it. */
  #copied(state: LogState): void {
    this.#busy = false;
    const bytes = this.#behind(state);
    if (bytes < this.#limit) this.#reportFrom = this.#limit;
    if (bytes < this.#reportFrom) return;
    this.#reportFrom = 2 * bytes;
    this.#held(bytes);
  }

  #start(): Worker {
    const worker = new Worker(join(import.meta.dirname, 'checkpoint-worker.ts'), {
      name: 'muster-checkpoint',
      workerData: { path: this.#path },
    });
    worker.unref();
    worker.on('message', (state: LogState) => this.#copied(state));
    // A full disk, say. The log must not grow without end: commits copy it themselves again, and say what is wrong.
    worker.on('error', () => {
      this.#failed = true;
      if (this.#db.open) this.#db.pragma(`wal_autocheckpoint = ${ON_COMMIT}`);
    });
    return worker;
  }
}
