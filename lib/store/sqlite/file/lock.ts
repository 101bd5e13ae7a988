import Database from 'better-sqlite3';
import { StoreError } from '../../port.ts';

/**
 * Holds `<path>.lock` for as long as this process lives. The lock is the operating system's, on an empty SQLite file next to the
 * store: it goes with the process, also after a kill, so there is no stale lock to clean up. Readers do not need it.
 * @returns releases the lock
 * @throws StoreError locked, at once
 */
export function lockStore(path: string): () => void {
  const file = `${path}.lock`;
  const lock = new Database(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      throw new StoreError(
        'locked',
        `${path} is in use by another collector: stop that one, or give this one its own MUSTER_DATA`,
        { cause },
      );
    }
    throw new StoreError('not-ours', `${file} is not a lock of Muster: move it away`, { cause });
  }
  return () => lock.close();
}
