import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { StoreError } from '../../port.ts';
import { initial } from '../migrations/0001-initial.ts';
import { decisions } from '../migrations/0002-decisions.ts';
import { details } from '../migrations/0003-details.ts';
import { otherSource } from '../migrations/0004-other-source.ts';
import type { MigrationRow } from '../schema.ts';

/** One step forward. Its SQL never changes after a release: every file remembers the checksum of what it ran. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

export const MIGRATIONS: readonly Migration[] = [initial, decisions, details, otherSource];

export const checksum = (migration: Migration): string =>
  createHash('sha256').update(`${migration.version} ${migration.name}\n${migration.sql}`).digest('hex');

const latest = (migrations: readonly Migration[]) => migrations.at(-1)?.version ?? 0;

/**
 * Refuses a file that a newer Muster wrote, or whose migrations are not those of this one.
 * @returns how many of the migrations the file has
 * @throws StoreError newer, checksum
 */
export function checkMigrations(
  db: Database.Database,
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > latest(migrations)) {
    throw new StoreError(
      'newer',
      `${path} has schema ${version}, this Muster knows up to ${latest(migrations)}: start the Muster that wrote it, or a newer one`,
    );
  }
  if (version === 0) return 0;
  const applied = db.prepare<[], MigrationRow>('select * from migrations order by version').all();
  for (const [index, migration] of migrations.slice(0, version).entries()) {
    const row = applied[index];
    if (row?.version !== migration.version || row.checksum !== checksum(migration)) {
      throw new StoreError(
        'checksum',
        `${path}: migration ${migration.version} (${migration.name}) is not the one this Muster knows: start an unmodified Muster, or restore a backup`,
      );
    }
  }
  return version;
}

/** Brings the file forward, each migration whole or not at all: a killed one is as if it had never begun. */
export function migrate(db: Database.Database, path: string, at: number, migrations = MIGRATIONS): void {
  const done = checkMigrations(db, path, migrations);
  for (const migration of migrations.slice(done)) {
    db.transaction(() => {
      db.exec(
        'create table if not exists migrations (version integer primary key, name text not null, checksum text not null, applied_at text not null) strict',
      );
      db.exec(migration.sql);
      db.prepare('insert into migrations (version, name, checksum, applied_at) values (?, ?, ?, ?)').run(
        migration.version,
        migration.name,
        checksum(migration),
        new Date(at).toISOString(),
      );
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}
