import type { Kysely } from 'kysely';
import type { Reason, Scope, ScopeState, ScopeStatus } from '#lib/model/index.ts';
import type { ScopeRow, Tables } from '../schema.ts';
import { toText } from '../text.ts';
import { describe, isLeft, toStatus, turn } from './status.ts';

type Db = Kysely<Tables>;

export async function allScopes(db: Db): Promise<ScopeStatus[]> {
  const kept = await db.selectFrom('meta').select('value').where('key', '=', 'history').executeTakeFirst();
  const rows = await db.selectFrom('scopes').selectAll().orderBy('id').execute();
  return rows.map((row) => toStatus(row, kept?.value ?? null));
}

/** @throws Error for a scope that was never registered */
export async function scopeRow(db: Db, id: string): Promise<ScopeRow> {
  const row = await db.selectFrom('scopes').selectAll().where('id', '=', toText(id)).executeTakeFirst();
  if (row === undefined) throw new Error(`scope ${id} is not registered`);
  return row;
}

export async function registerScopes(
  db: Db,
  source: string,
  scopes: readonly Scope[],
  options: { interval: number; at: number; more?: boolean },
): Promise<void> {
  const at = new Date(options.at).toISOString();
  const known = new Map(
    (await db.selectFrom('scopes').selectAll().where('source', '=', toText(source)).execute()).map((row) => [
      row.id,
      row,
    ]),
  );
  for (const scope of scopes) {
    if (scope.source !== source) throw new TypeError(`scope ${scope.id} belongs to ${scope.source}, not to ${source}`);
    const columns = { ...describe(scope), interval: options.interval };
    const row = known.get(columns.id);
    known.delete(columns.id);
    if (row === undefined) {
      await db
        .insertInto('scopes')
        .values({ ...columns, ...UNLISTED, since: at })
        .execute();
    } else {
      const back = row.state === 'gone' ? turn(row, row.last_success === null ? 'pending' : 'stale', null, at) : {};
      await db
        .updateTable('scopes')
        .set({ ...columns, ...back })
        .where('id', '=', row.id)
        .execute();
    }
  }
  if (!options.more) await abandon(db, [...known.values()], at);
}

export async function retainSources(db: Db, sources: readonly string[], at: number): Promise<void> {
  const kept = new Set(sources.map(toText));
  const rows = await db.selectFrom('scopes').selectAll().execute();
  const lost = rows.filter((row) => !kept.has(row.source));
  await abandon(db, lost, new Date(at).toISOString());
}

/** A gone scope keeps its rows; only its registration brings it back. */
export async function mark(db: Db, id: string, state: ScopeState, reason: Reason | null, at: number): Promise<void> {
  const row = await scopeRow(db, id);
  if (row.state === 'gone') return;
  const iso = new Date(at).toISOString();
  await db
    .updateTable('scopes')
    .set({
      ...turn(row, state, reason, iso),
      last_attempt: iso,
      watched: state === 'fresh' ? row.watched : 0,
      whole: state === 'partial' ? 0 : row.whole,
    })
    .where('id', '=', row.id)
    .execute();
}

/** Takes the rows that other scopes have taken over off the counts of those that lost them. */
export async function giveUp(db: Db, taken: ReadonlyMap<string, { count: number; held: number }>): Promise<void> {
  for (const [id, lost] of taken) {
    await db
      .updateTable('scopes')
      .set((set) => ({ count: set('count', '-', lost.count), held: set('held', '-', lost.held) }))
      .where('id', '=', id)
      .execute();
  }
}

const UIDS_AT_ONCE = 500;

export async function unlisted(
  db: Db,
  uids: readonly string[],
  { scope, at }: { scope: string; at: number },
): Promise<string[]> {
  const iso = new Date(at).toISOString();
  const scopes = await db.selectFrom('scopes').selectAll().execute();
  const others = new Set(
    scopes.filter(({ id }) => id !== toText(scope)).flatMap((row) => (isLeft(row, iso) ? [] : [row.id])),
  );
  const found = new Set<string>();
  for (let from = 0; from < uids.length; from += UIDS_AT_ONCE) {
    const some = uids.slice(from, from + UIDS_AT_ONCE).map(toText);
    const live = db.selectFrom('resources').select(['uid', 'scope']).where('removed_at', 'is', null);
    for (const row of await live.where('uid', 'in', some).execute()) if (others.has(row.scope)) found.add(row.uid);
  }
  return uids.filter((uid) => !found.has(toText(uid)));
}

async function abandon(db: Db, rows: readonly ScopeRow[], at: string): Promise<void> {
  for (const row of rows) {
    if (row.state === 'gone') continue;
    await db
      .updateTable('scopes')
      .set({ ...turn(row, 'gone', null, at), watched: 0, whole: 0 })
      .where('id', '=', row.id)
      .execute();
  }
}

const UNLISTED = {
  state: 'pending',
  reason_kind: null,
  reason_message: null,
  last_attempt: null,
  last_success: null,
  generation: 0,
  count: 0,
  unreadable: 0,
  held: 0,
  watched: 0,
  whole: 0,
  detail_errors: '[]',
};
