import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import {
  type Change,
  changeSchema,
  type Decision,
  type JsonValue,
  type PermissionsSeen,
  type ScopeStatus,
} from '#lib/model/index.ts';
import { FeedGap, type ReadStore, type StoredResource } from '../../port.ts';
import { openReadable } from '../file/open.ts';
import type { ChangeRow, Tables } from '../schema.ts';
import { fromNullableText, fromText, toText } from '../text.ts';
import { allDecisions } from '../write/decisions.ts';
import { allPermissions } from '../write/permissions.ts';
import { decode, decodeRaw } from '../write/record.ts';
import { allScopes } from '../write/scopes.ts';

/**
 * Opens the store for reading, beside the collector. Nothing is cached: each answer is the newest commit's.
 * @throws StoreError `missing` where the collector has not created it yet
 */
export async function openReadStore(path: string): Promise<ReadStore> {
  return new SqliteReadStore(path, openReadable(path));
}

const over = (database: Database.Database) => new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });

/** SQLite takes at most 32,766 parameters. */
const UIDS = 5_000;

const stored = (db: Kysely<Tables>) =>
  db
    .selectFrom('resources as r')
    .leftJoin('scopes as s', 's.id', 'r.scope')
    .select(['r.id', 'r.seq', 'r.data', 'r.first_seen', 'r.removed_at'])
    // A complete listing confirms all rows of its scope by one time in the scope's row, except those it missed.
    .select(
      sql<string>`case when r.removed_at is null and r.missing_generation is null and s.last_success > r.last_seen
        then s.last_success else r.last_seen end`.as('last_seen'),
    );

type StoredRow = { seq: number; data: string; first_seen: string; last_seen: string; removed_at: string | null };

const toStored = (row: StoredRow): StoredResource => ({
  resource: decode(row.data),
  seq: row.seq,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  removedAt: row.removed_at,
});

const toChange = (row: ChangeRow): Change =>
  changeSchema.parse({
    ...row,
    uid: fromText(row.uid),
    name: fromText(row.name),
    provider: fromText(row.provider),
    scope: fromText(row.scope),
    field: fromNullableText(row.field),
    from: fromNullableText(row.from),
    to: fromNullableText(row.to),
  });

class SqliteReadStore implements ReadStore {
  readonly #path: string;
  readonly #handle: Database.Database;
  readonly #db: Kysely<Tables>;
  readonly #revision: Database.Statement<[], { value: number }>;

  constructor(path: string, handle: Database.Database) {
    this.#path = path;
    this.#handle = handle;
    this.#db = over(handle);
    // Asked ten times a second: prepared once, a few microseconds each.
    this.#revision = handle.prepare(`select value from meta where key = 'revision'`);
  }

  async revision(): Promise<number> {
    return this.#revision.get()?.value ?? 0;
  }

  async count(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('scopes')
      .select((select) => select.fn.sum<number | null>('count').as('count'))
      .executeTakeFirstOrThrow();
    return count ?? 0;
  }

  async *scan(chunk: number): AsyncIterable<StoredResource[]> {
    // Its own connection: the snapshot it holds must not hold back the answers of the others.
    const handle = openReadable(this.#path);
    const db = over(handle);
    try {
      handle.exec('begin');
      for (let last = 0; ; ) {
        const rows = await stored(db)
          .where('r.removed_at', 'is', null)
          .where('r.id', '>', last)
          .orderBy('r.id')
          .limit(chunk)
          .execute();
        const end = rows.at(-1);
        if (end === undefined) return;
        last = end.id;
        yield rows.map(toStored);
      }
    } finally {
      handle.close();
    }
  }

  async feed(seq: number, limit: number): Promise<StoredResource[]> {
    const floor = await this.#db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'feed_floor')
      .executeTakeFirstOrThrow();
    if (seq < floor.value) throw new FeedGap(`removals after ${seq} are pruned: scan again`);
    const rows = await stored(this.#db).where('r.seq', '>', seq).orderBy('r.seq').limit(limit).execute();
    return rows.map(toStored);
  }

  async resource(uid: string): Promise<{ row: StoredResource; raw: JsonValue } | null> {
    const row = await stored(this.#db)
      .innerJoin('details as d', 'd.id', 'r.id')
      .select('d.raw')
      .where('r.uid', '=', toText(uid))
      .executeTakeFirst();
    return row === undefined ? null : { row: toStored(row), raw: decodeRaw(row.raw) };
  }

  async rows(uids: readonly string[]): Promise<StoredResource[]> {
    const found: StoredResource[] = [];
    for (let start = 0; start < uids.length; start += UIDS) {
      const some = uids.slice(start, start + UIDS).map(toText);
      const rows = await stored(this.#db).where('r.uid', 'in', some).execute();
      for (const row of rows) found.push(toStored(row));
    }
    return found;
  }

  async changes(filter: { uid?: string; since?: number; before?: number; limit: number }): Promise<Change[]> {
    let query = this.#db.selectFrom('changes').selectAll().orderBy('seq', 'desc').limit(filter.limit);
    if (filter.uid !== undefined) query = query.where('uid', '=', toText(filter.uid));
    if (filter.since !== undefined) query = query.where('seq', '>', filter.since);
    if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
    return (await query.execute()).map(toChange);
  }

  scopes(): Promise<ScopeStatus[]> {
    return allScopes(this.#db);
  }

  decisions(): Promise<Decision[]> {
    return allDecisions(this.#db);
  }

  permissions(): Promise<PermissionsSeen[]> {
    return allPermissions(this.#db);
  }

  async close(): Promise<void> {
    this.#handle.close();
  }
}
