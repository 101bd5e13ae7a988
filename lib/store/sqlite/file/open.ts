import { closeSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../../port.ts';
import {
  APPLICATION_ID,
  corrupt,
  isStore,
  mustBeWritable,
  quickCheck,
  refusal,
  removeDatabase,
  sizeOf,
  sync,
} from './file.ts';
import { lockStore } from './lock.ts';
import { checkMigrations, MIGRATIONS, type Migration, migrate } from './migrate.ts';

const BUSY_TIMEOUT = 5_000;

/** Bytes that the -wal file keeps after a long commit has made it grow. */
const LOG_SIZE = 64 * 1024 * 1024;

/** SQLite's own 2 MiB write pages of an index out in the middle of a long commit: a sixth of the CPU of a first one. */
const CACHE_KIB = 32 * 1024;

function configure(db: Database.Database): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = ON');
  db.pragma('cell_size_check = ON');
}

/**
 * Makes a new store beside its place and moves it there when it is whole: a kill in between leaves no empty file that the next
 * start would have to refuse. Runs under the lock, so that the intermediate file is nobody else's.
 */
function create(path: string, at: number, migrations: readonly Migration[]): void {
  // SQLite would replay a log that belongs to another database into the new one.
  if (sizeOf(`${path}-wal`) > 0) throw corrupt(path, new Error('there is a -wal file but no database'));
  const fresh = `${path}.creating`;
  removeDatabase(fresh);
  closeSync(openSync(fresh, 'wx', 0o600));
  const db = new Database(fresh);
  try {
    configure(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    migrate(db, path, at, migrations);
  } finally {
    db.close();
  }
  sync(fresh);
  renameSync(fresh, path);
  sync(dirname(path));
}

/** An open store with the lock that goes with it. */
export interface Writable {
  db: Database.Database;
  close(): void;
}

/** @throws StoreError any refusal but `missing` */
export function openWritable(path: string, at: number, migrations: readonly Migration[] = MIGRATIONS): Writable {
  let unlock: (() => void) | undefined;
  let db: Database.Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const exists = isStore(path);
    unlock = lockStore(path);
    if (!exists && !isStore(path)) create(path, at, migrations);
    mustBeWritable(path);
    const opened = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT });
    db = opened;
    configure(opened);
    checkMigrations(opened, path, migrations);
    quickCheck(opened, path);
    opened.pragma('journal_mode = WAL');
    opened.pragma('synchronous = FULL');
    opened.pragma(`cache_size = -${CACHE_KIB}`);
    opened.pragma(`journal_size_limit = ${LOG_SIZE}`);
    migrate(opened, path, at, migrations);
    const release = unlock;
    return {
      db: opened,
      close() {
        opened.close();
        release();
      },
    };
  } catch (error) {
    db?.close();
    unlock?.();
    throw refusal(error, path);
  }
}

/** Opens for reading beside a writer of another thread or process. @throws StoreError any refusal but `locked` */
export function openReadable(path: string, migrations: readonly Migration[] = MIGRATIONS): Database.Database {
  if (!isStore(path)) {
    throw new StoreError('missing', `${path} does not exist yet: start the collector, which creates it`);
  }
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
    configure(db);
    const version = checkMigrations(db, path, migrations);
    if (version < migrations.length) {
      throw new StoreError(
        'older',
        `${path} has schema ${version}, this Muster reads ${migrations.length}: start the collector, which brings it forward`,
      );
    }
    return db;
  } catch (error) {
    db?.close();
    throw refusal(error, path);
  }
}
