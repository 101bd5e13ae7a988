import { accessSync, closeSync, constants, openSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../../port.ts';
import { isStore, quickCheck, refusal, removeDatabase, sync } from './file.ts';
import { openReadable } from './open.ts';

const PAGES = 250;

/** Copies a store that is in use: beside its place, synced and checked, then moved there. @throws StoreError */
export async function backup(path: string, to: string): Promise<void> {
  if (resolve(to) === resolve(path))
    throw new StoreError('not-writable', `${to} is the store itself: name another file`);
  const copy = `${to}.copying`;
  let source: Database.Database | undefined;
  try {
    accessSync(dirname(resolve(to)), constants.W_OK);
    isStore(to);
    removeDatabase(copy);
    closeSync(openSync(copy, 'wx', 0o600));
    source = openReadable(path);
    // The copy is of this snapshot: without it, each commit would start it anew.
    source.exec('begin');
    source.prepare('select value from meta').all();
    await source.backup(copy, { progress: () => PAGES });
    source.close();
    verify(copy);
    sync(copy);
    renameSync(copy, to);
    sync(dirname(resolve(to)));
  } catch (error) {
    source?.close();
    removeDatabase(copy);
    throw refusal(error, to);
  }
}

function verify(copy: string): void {
  if (!isStore(copy)) throw new StoreError('missing', `${copy} was not written`);
  const db = new Database(copy);
  try {
    quickCheck(db, copy);
  } finally {
    db.close();
  }
}
