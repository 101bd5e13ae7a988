import type Database from 'better-sqlite3';
import type { ChangeRow, ResourceRow, ScopeRow } from '../schema.ts';

/** What deciding about a row takes, without its data. */
export type Head = Pick<
  ResourceRow,
  'id' | 'uid' | 'scope' | 'origin' | 'data_hash' | 'raw_hash' | 'missing_generation' | 'removed_at'
>;

const HEAD = 'id, uid, scope, origin, data_hash, raw_hash, missing_generation, removed_at';

/**
 * The statements that run once per row of a listing, prepared once per connection: Kysely compiles and prepares anew on each
 * call, which costs more than the statement itself (docs/decisions/sqlite-commit.md). All other statements go through Kysely.
 */
export function prepare(db: Database.Database) {
  return {
    /** Live rows of a scope in order of (origin, id), a page at a time. */
    page: db.prepare<[string, string, number, number], Head>(
      `select ${HEAD} from resources where scope = ? and removed_at is null and (origin, id) > (?, ?) order by origin, id limit ?`,
    ),
    ofObject: db.prepare<[string, string], Head>(
      `select ${HEAD} from resources where scope = ? and origin = ? and removed_at is null`,
    ),
    byUid: db.prepare<[string], Head>(`select ${HEAD} from resources where uid = ?`),
    content: db.prepare<[number], Pick<ResourceRow, 'data' | 'first_seen' | 'last_seen'>>(
      'select data, first_seen, last_seen from resources where id = ?',
    ),
    /** Does nothing where the uid is known, also as a tombstone. */
    insert: db.prepare<[string, string, string, string, string, number, string, string, string]>(
      `insert into resources (uid, scope, origin, data_hash, raw_hash, seq, first_seen, last_seen, data)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (uid) do nothing`,
    ),
    insertDetail: db.prepare<[number, string]>('insert into details (id, raw) values (?, ?)'),
    update: db.prepare<[string, string, string, number, string, string, string, number]>(
      `update resources set scope = ?, origin = ?, data_hash = ?, seq = ?, first_seen = ?, last_seen = ?, data = ?,
       missing_generation = null, removed_at = null where id = ?`,
    ),
    /** The same resource in another spelling (order of keys): nothing a reader has to hear of. */
    respell: db.prepare<[string, string, string, number]>(
      'update resources set origin = ?, data_hash = ?, data = ? where id = ?',
    ),
    updateRawHash: db.prepare<[string, number]>('update resources set raw_hash = ? where id = ?'),
    updateDetail: db.prepare<[string, number]>('update details set raw = ? where id = ?'),
    seen: db.prepare<[string, number]>('update resources set last_seen = ?, missing_generation = null where id = ?'),
    miss: db.prepare<[number, string, number]>(
      'update resources set missing_generation = ?, last_seen = max(last_seen, ?) where id = ?',
    ),
    remove: db.prepare<[string, number, string, number]>(
      `update resources set removed_at = ?, seq = ?, last_seen = max(last_seen, ?), missing_generation = null where id = ?`,
    ),
    change: db.prepare<
      [
        ChangeRow['seq'],
        ChangeRow['at'],
        ChangeRow['uid'],
        ChangeRow['name'],
        ChangeRow['provider'],
        ChangeRow['kind'],
        ChangeRow['scope'],
        ChangeRow['type'],
        ChangeRow['field'],
        ChangeRow['from'],
        ChangeRow['to'],
      ]
    >(
      `insert into changes (seq, at, uid, name, provider, kind, scope, type, field, "from", "to")
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    owner: db.prepare<[string], Pick<ScopeRow, 'source' | 'label' | 'state' | 'last_success' | 'interval'>>(
      'select source, label, state, last_success, interval from scopes where id = ?',
    ),
    revision: db.prepare<[], { value: number }>(`select value from meta where key = 'revision'`),
    setRevision: db.prepare<[number]>(`update meta set value = ? where key = 'revision'`),
  };
}

export type Statements = ReturnType<typeof prepare>;
