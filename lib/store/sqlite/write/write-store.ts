import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Decision, Listing, PermissionsSeen, Reason, Scope, ScopeState, ScopeStatus } from '#lib/model/index.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { CommitResult, KeptAnswer, Upsert, WriteStore } from '../../port.ts';
import { backup } from '../file/backup.ts';
import { check } from '../file/check.ts';
import { Checkpointer } from '../file/checkpointer.ts';
import { openReadable, openWritable, type Writable } from '../file/open.ts';
import { forgetAnswers, keepAnswer, keptAnswer } from '../read/answers.ts';
import type { Tables } from '../schema.ts';
import { apply } from './apply.ts';
import { type CommitOptions, commit } from './commit.ts';
import { decide } from './decisions.ts';
import { forgetPermissions, sawPermissions } from './permissions.ts';
import { keepFor, prune } from './prune.ts';
import { Queue } from './queue.ts';
import { allScopes, mark, registerScopes, retainSources, scopeRow, unlisted } from './scopes.ts';
import { prepare, type Statements } from './statements.ts';

/** The collector's store in one SQLite file, and what an operator does with the file. */
export interface SqliteStore extends WriteStore {
  /**
   * Copies the store as of now while it is in use. `to` is replaced only if it is a store, and only by a copy that was checked.
   * @throws StoreError
   */
  backup(to: string): Promise<void>;
  /** Everything that is wrong with the file and its rows, one line each; empty if it is sound. Reads all of it. */
  check(): Promise<string[]>;
  /** Bytes of the write-ahead log that are not in the database yet: a reader that does not end makes it grow. */
  backlog(): number;
}

export interface WriteStoreOptions {
  clock: Pick<Clock, 'now'>;
  /** Bytes of backlog from which on `held` is told; default 256 MiB. */
  limit?: number;
  /** Told when a reader that does not end makes the log grow beyond the limit, and each time that it has doubled. */
  held?: (bytes: number) => void;
}

const LIMIT = 256 * 1024 * 1024;

/**
 * Opens the store of the collector and creates it where there is none. One collector at a time, see {@link lockStore}.
 * @param path `<MUSTER_DATA>/muster.db`
 * @throws StoreError
 */
export async function openWriteStore(path: string, options: WriteStoreOptions): Promise<SqliteStore> {
  const file = openWritable(path, options.clock.now());
  try {
    return new SqliteWriteStore(path, file, openReadable(path), options);
  } catch (error) {
    file.close();
    throw error;
  }
}

const over = (database: Database.Database) => new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });

class SqliteWriteStore implements SqliteStore {
  readonly #path: string;
  readonly #file: Writable;
  readonly #statements: Statements;
  readonly #db: Kysely<Tables>;
  readonly #reader: Database.Database;
  /** Sees what is committed, also while a long commit is under way on the other connection. */
  readonly #committed: Kysely<Tables>;
  readonly #checkpointer: Checkpointer;
  readonly #queue = new Queue();
  /** Generations handed out; their holders die with this process, so memory is enough. */
  readonly #issued = new Map<string, number>();

  constructor(path: string, file: Writable, reader: Database.Database, options: WriteStoreOptions) {
    this.#path = path;
    this.#file = file;
    this.#statements = prepare(file.db);
    this.#db = over(file.db);
    this.#reader = reader;
    this.#committed = over(reader);
    this.#checkpointer = new Checkpointer(file.db, path, {
      limit: options.limit ?? LIMIT,
      held: options.held ?? (() => {}),
    });
  }

  registerScopes(
    source: string,
    scopes: readonly Scope[],
    options: { interval: number; at: number; more?: boolean },
  ): Promise<void> {
    return this.#transaction(() => registerScopes(this.#db, source, scopes, options));
  }

  retainSources(sources: readonly string[], at: number): Promise<void> {
    return this.#transaction(async () => {
      await retainSources(this.#db, sources, at);
      await forgetPermissions(this.#db, sources);
      await forgetAnswers(this.#db, sources);
    });
  }

  scopes(): Promise<ScopeStatus[]> {
    return allScopes(this.#committed);
  }

  async nextGeneration(scope: string): Promise<number> {
    const { generation } = await scopeRow(this.#committed, scope);
    const next = Math.max(generation, this.#issued.get(scope) ?? 0) + 1;
    this.#issued.set(scope, next);
    return next;
  }

  commit(listing: Listing, options: CommitOptions): Promise<CommitResult> {
    return this.#transaction(async () => {
      const scope = await scopeRow(this.#db, listing.scope.id);
      return commit(this.#db, this.#statements, scope, listing, options);
    });
  }

  apply(scope: string, upserts: readonly Upsert[], at: number): Promise<CommitResult> {
    return this.#transaction(async () => {
      return apply(this.#db, this.#statements, await scopeRow(this.#db, scope), upserts, at);
    });
  }

  unlisted(uids: readonly string[], scope: string, at: number): Promise<string[]> {
    return unlisted(this.#committed, uids, { scope, at });
  }

  mark(scope: string, state: ScopeState, reason: Reason | null, at: number): Promise<void> {
    return this.#transaction(() => mark(this.#db, scope, state, reason, at));
  }

  decide(pair: { a: string; b: string }, decision: Decision | null): Promise<boolean> {
    return this.#transaction(() => decide(this.#db, pair, decision));
  }

  sawPermissions(seen: PermissionsSeen): Promise<void> {
    return this.#transaction(() => sawPermissions(this.#db, seen));
  }

  keptAnswer(source: string, key: string): Promise<KeptAnswer | null> {
    return keptAnswer(this.#committed, source, key);
  }

  keepAnswer(source: string, key: string, answer: KeptAnswer): Promise<void> {
    return this.#transaction(() => keepAnswer(this.#db, source, key, answer));
  }

  async prune(before: number, at: number): Promise<number> {
    const iso = (ms: number) => new Date(ms).toISOString();
    const pruning = { before: iso(before), at: iso(at) };
    await this.#transaction(() => keepFor(this.#db, at - before));
    for (let pruned = 0; ; ) {
      const some = await this.#transaction(() => prune(this.#db, this.#statements, pruning));
      if (some === 0) return pruned;
      pruned += some;
      await setImmediate();
    }
  }

  backup(to: string): Promise<void> {
    return backup(this.#path, to);
  }

  check(): Promise<string[]> {
    return check(this.#path);
  }

  backlog(): number {
    return this.#file.db.open ? this.#checkpointer.backlog : 0;
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return this.#queue.run(async () => {
      await this.#checkpointer.close();
      this.#reader.close();
      this.#file.close();
    });
  }

  #transaction<T>(work: () => Promise<T>): Promise<T> {
    const { db } = this.#file;
    return this.#queue.run(async () => {
      db.exec('begin immediate');
      try {
        const result = await work();
        db.exec('commit');
        this.#checkpointer.committed();
        return result;
      } catch (error) {
        // A full disk has rolled back by itself.
        if (db.inTransaction) db.exec('rollback');
        throw error;
      }
    });
  }
}
