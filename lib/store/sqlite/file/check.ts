import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from '../schema.ts';
import { fromText } from '../text.ts';
import { intact } from '../write/record.ts';
import { openReadable } from './open.ts';

const ROWS = 500;

/**
 * SQLite's own check finds damaged pages, not damaged content: each row's hash does, and the counts must be those of the rows.
 * As of one revision, while commits go on.
 */
export async function check(path: string): Promise<string[]> {
  const handle = openReadable(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: handle }) });
  const problems: string[] = [];
  try {
    handle.exec('begin');
    for (const row of handle.prepare<[], { integrity_check: string }>('pragma integrity_check').all()) {
      if (row.integrity_check !== 'ok') problems.push(row.integrity_check);
    }
    await checkContent(db, problems);
    await checkCounts(db, problems);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    problems.push(error.message);
  } finally {
    handle.close();
  }
  return problems;
}

async function checkContent(db: Kysely<Tables>, problems: string[]): Promise<void> {
  for (let last = 0; ; await setImmediate()) {
    const rows = await db
      .selectFrom('resources as r')
      .leftJoin('details as d', 'd.id', 'r.id')
      .select(['r.id', 'r.uid', 'r.data', 'r.data_hash as dataHash', 'r.raw_hash as rawHash', 'd.raw'])
      .where('r.id', '>', last)
      .orderBy('r.id')
      .limit(ROWS)
      .execute();
    for (const row of rows) {
      if (!intact({ ...row, raw: row.raw ?? '' })) problems.push(`${fromText(row.uid)}: its content is damaged`);
    }
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

async function checkCounts(db: Kysely<Tables>, problems: string[]): Promise<void> {
  const owned = await db
    .selectFrom('resources')
    .select((select) => ['scope', select.fn.countAll<number>().as('live')])
    .select((select) => select.fn.count<number>('missing_generation').as('missing'))
    .where('removed_at', 'is', null)
    .groupBy('scope')
    .execute();
  const rows = new Map(owned.map((row) => [row.scope, row]));
  for (const scope of await db.selectFrom('scopes').select(['id', 'count', 'held']).execute()) {
    const { live, missing } = rows.get(scope.id) ?? { live: 0, missing: 0 };
    if (scope.count === live && scope.held === missing) continue;
    problems.push(`${fromText(scope.id)}: says ${scope.count} rows and ${scope.held} held, has ${live} and ${missing}`);
  }
}
