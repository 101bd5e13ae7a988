import { setImmediate } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import { openReadable } from './open.ts';
import { intact } from './record.ts';
import type { Tables } from './schema.ts';
import { fromText } from './text.ts';

const ROWS = 500;

/**
 * SQLite's own check finds damaged pages, not damaged content: each row's hash does, and the counts must be those of the rows.
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
      if (end === undefined) break;
      last = end.id;
    }
    const scopes = await db
      .selectFrom('scopes as s')
      .select(['s.id', 's.count', 's.held'])
      .select((select) => [
        select
          .selectFrom('resources as r')
          .select((count) => count.fn.countAll<number>().as('live'))
          .whereRef('r.scope', '=', 's.id')
          .where('r.removed_at', 'is', null)
          .as('live'),
        select
          .selectFrom('resources as r')
          .select((count) => count.fn.countAll<number>().as('missing'))
          .whereRef('r.scope', '=', 's.id')
          .where('r.removed_at', 'is', null)
          .where('r.missing_generation', 'is not', null)
          .as('missing'),
      ])
      .execute();
    for (const scope of scopes) {
      if (scope.count !== scope.live || scope.held !== scope.missing) {
        problems.push(
          `${fromText(scope.id)}: counts ${scope.count} and ${scope.held}, has ${scope.live} and ${scope.missing}`,
        );
      }
    }
    return problems;
  } finally {
    handle.close();
  }
}
