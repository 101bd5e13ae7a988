import { type Kysely, sql } from 'kysely';
import type { ScopeRow, Tables } from '../schema.ts';
import { RowWriter } from './row-writer.ts';
import type { Statements } from './statements.ts';

const CHUNK = 500;

/** What is pruned: everything older than `before`, as of `at`; ISO 8601. */
export interface Pruning {
  before: string;
  at: string;
}

/**
 * Deletes some of what is older than `before`, oldest first, and remembers from where on the feed is whole. Rows of a scope that
 * has been gone for as long disappear first, and stay as tombstones for their own time; a gone scope without rows is deleted.
 * Called until it returns 0, a transaction each time: commits get their turn in between.
 */
export async function prune(db: Kysely<Tables>, statements: Statements, pruning: Pruning): Promise<number> {
  return (
    (await pruneChanges(db, pruning.before)) +
    (await pruneTombstones(db, pruning.before)) +
    (await pruneAnswers(db, pruning.before)) +
    (await pruneGone(db, statements, pruning))
  );
}

/** Remembers how long is kept, so that a reader can say when what is gone will leave. */
export async function keepFor(db: Kysely<Tables>, history: number): Promise<void> {
  const value = Math.max(0, Math.round(history));
  await db
    .insertInto('meta')
    .values({ key: 'history', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Nothing has proven that these resources are gone, only that nobody looks any more: what is that old is no inventory. */
async function pruneGone(db: Kysely<Tables>, statements: Statements, { before, at }: Pruning): Promise<number> {
  const scope = await db
    .selectFrom('scopes')
    .selectAll()
    .where('state', '=', 'gone')
    .where('since', '<', before)
    .orderBy('since')
    .limit(1)
    .executeTakeFirst();
  if (scope === undefined) return 0;
  const removed = await removeRows(db, statements, scope, at);
  if (removed > 0) return removed;
  await db.deleteFrom('scopes').where('id', '=', scope.id).execute();
  return 1;
}

async function removeRows(db: Kysely<Tables>, statements: Statements, scope: ScopeRow, at: string): Promise<number> {
  const heads = statements.page.all(scope.id, '', 0, CHUNK);
  const rows = new RowWriter(statements, { scope, at, confirms: false });
  for (const head of heads) rows.remove(head);
  rows.finish();
  const { disappeared } = rows.counts;
  await db
    .updateTable('scopes')
    .set({ count: scope.count - disappeared, held: scope.held - rows.released })
    .where('id', '=', scope.id)
    .execute();
  return disappeared;
}

async function pruneChanges(db: Kysely<Tables>, iso: string): Promise<number> {
  // Changes are in order of time, but for a clock that was set: no index on their time is needed.
  const oldest = await db.selectFrom('changes').select(['seq', 'at']).orderBy('seq').limit(CHUNK).execute();
  const seqs = oldest.filter((change) => change.at < iso).map((change) => change.seq);
  if (seqs.length > 0) await db.deleteFrom('changes').where('seq', 'in', seqs).execute();
  return seqs.length;
}

/** Its account, region or project has not been asked for so long. */
async function pruneAnswers(db: Kysely<Tables>, iso: string): Promise<number> {
  await db.deleteFrom('answers').where('at', '<', iso).execute();
  return 0;
}

async function pruneTombstones(db: Kysely<Tables>, iso: string): Promise<number> {
  const old = await db
    .selectFrom('resources')
    .select(['id', 'seq'])
    .where('removed_at', '<', iso)
    .limit(CHUNK)
    .execute();
  if (old.length === 0) return 0;
  const floor = Math.max(...old.map((row) => row.seq));
  const ids = old.map((row) => row.id);
  await db
    .updateTable('meta')
    .set({ value: sql<number>`max(value, ${floor})` })
    .where('key', '=', 'feed_floor')
    .execute();
  await db.deleteFrom('resources').where('id', 'in', ids).execute();
  return old.length;
}
