import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { storePath } from '../testing/folder.ts';
import { checksum, MIGRATIONS, type Migration } from './migrate.ts';
import { openReadable, openWritable } from './open.ts';

const AT = Date.parse('2026-11-21T09:00:00Z');

const statements = [
  'create table a (x integer) strict',
  'create table b (x integer) strict',
  'insert into a values (1)',
];
const RELEASED = MIGRATIONS.length;
const next: Migration = { version: RELEASED + 1, name: 'next', sql: statements.join(';\n') };

const version = (path: string) => {
  const db = new Database(path, { readonly: true });
  const tables = db.prepare<[], { name: string }>("select name from sqlite_schema where name in ('a', 'b')").all();
  const found = [Number(db.pragma('user_version', { simple: true })), tables.map((table) => table.name)];
  db.close();
  return found;
};

it('the released migrations are what they were', () => {
  expect(MIGRATIONS.map((migration) => [migration.version, migration.name, checksum(migration).slice(0, 16)])).toEqual([
    [1, 'initial', '609bd0d860e2d11e'],
    [2, 'decisions', '1ef731cd7d18dd9e'],
    [3, 'details', '562b93f55f450745'],
    [4, 'other-source', '4f013bfa101a77a1'],
  ]);
});

it('fault 58: a migration that is cut off after any statement has not happened and completes at the next start', () => {
  for (let done = 0; done <= statements.length; done++) {
    const path = storePath();
    openWritable(path, AT).close();
    const cut = { ...next, sql: [...statements.slice(0, done), 'select no_such_function()'].join(';\n') };
    expect(() => openWritable(path, AT, [...MIGRATIONS, cut])).toThrow('no_such_function');
    expect(version(path)).toEqual([RELEASED, []]);
    openWritable(path, AT, [...MIGRATIONS, next]).close();
    expect(version(path)).toEqual([RELEASED + 1, ['a', 'b']]);
  }
});

it('fault 58: a migration that is not the one the file has seen is refused by both sides', () => {
  const path = storePath();
  openWritable(path, AT, [...MIGRATIONS, next]).close();
  const changed = [...MIGRATIONS, { ...next, sql: `${next.sql};` }];
  const refusal = expect.objectContaining({ refusal: 'checksum', message: expect.stringContaining('next') });
  expect(() => openWritable(path, AT, changed)).toThrow(refusal);
  expect(() => openReadable(path, changed)).toThrow(refusal);
  openWritable(path, AT, [...MIGRATIONS, next]).close();
});

it('fault 58: a file whose list of migrations was tampered with is refused', () => {
  const path = storePath();
  openWritable(path, AT).close();
  const db = new Database(path);
  db.exec('delete from migrations');
  db.close();
  expect(() => openWritable(path, AT)).toThrow(expect.objectContaining({ refusal: 'checksum' }));
});

it('fault 60: an old Muster refuses a newer store, and a reader an older one until the collector has moved it', () => {
  const path = storePath();
  openWritable(path, AT).close();
  const newer = [...MIGRATIONS, next];
  expect(() => openReadable(path, newer)).toThrow(expect.objectContaining({ refusal: 'older' }));
  openWritable(path, AT, newer).close();
  openReadable(path, newer).close();
  expect(() => openWritable(path, AT)).toThrow(expect.objectContaining({ refusal: 'newer' }));
  expect(() => openReadable(path)).toThrow(expect.objectContaining({ refusal: 'newer' }));
});
