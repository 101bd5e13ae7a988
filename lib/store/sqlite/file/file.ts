import { accessSync, closeSync, constants, fstatSync, fsyncSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { StoreError } from '../../port.ts';

/** `MUST` in the file's header: says whose database it is before any of it is read. */
export const APPLICATION_ID = 0x4d555354;

const MAGIC = 'SQLite format 3\0';
const HEADER = 100;

const RESTORE =
  'move it and its -wal and -shm files away, then copy a backup to this place or start with an empty store';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Turns what SQLite or the file system said into the refusal a person can act on; anything else stays as it is. */
export function refusal(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|IOERR_CORRUPTFS|FORMAT)/.test(code)) return corrupt(path, error);
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|ENOENT)/.test(code)) {
    return notWritable(path, error);
  }
  return error;
}

export const corrupt = (path: string, cause?: unknown) =>
  new StoreError('corrupt', `${path} is damaged: ${RESTORE}`, { cause });

const notWritable = (path: string, cause?: unknown) =>
  new StoreError(
    'not-writable',
    `${path} cannot be opened: let this user read and write the file and its folder, or set MUSTER_DATA to another folder`,
    { cause },
  );

/**
 * Looks at a file's header without letting SQLite touch it.
 * @returns false where there is no file
 * @throws StoreError not-ours, corrupt, not-writable
 */
export function isStore(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw refusal(error, path);
  }
  try {
    if (!fstatSync(file).isFile()) throw notWritable(path);
    const header = Buffer.alloc(HEADER);
    const length = readSync(file, header, 0, HEADER, 0);
    // An empty file is what a lost disk or a broken copy leaves: starting afresh there would hide the loss.
    if (length === 0) throw new StoreError('corrupt', `${path} is empty: ${RESTORE}`);
    if (length < HEADER || header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw notOurs(path);
    if (header.readUInt32BE(68) !== APPLICATION_ID) throw notOurs(path);
    // SQLite reads what is missing of the last page as zeros; only a log still to be replayed may complete it.
    const page = header.readUInt16BE(16);
    if (fstatSync(file).size % page !== 0 && sizeOf(`${path}-wal`) === 0) throw corrupt(path);
    return true;
  } finally {
    closeSync(file);
  }
}

const notOurs = (path: string) =>
  new StoreError('not-ours', `${path} is not a store of Muster: move it away, or set MUSTER_DATA to another folder`);

/** @throws StoreError not-writable */
export function mustBeWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw refusal(error, path);
  }
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A database that is nobody's any more, and the log that would otherwise be replayed into the next one of its name. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

/** Makes a file, or the names in a folder, survive a power cut. */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws StoreError corrupt, with SQLite's finding as its cause */
export function quickCheck(db: Database.Database, path: string): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw corrupt(path, new Error(String(found)));
}
