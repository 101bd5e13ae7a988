import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

const CHUNK = 500;

/**
 * Deletes some of the changes and tombstones older than `before`, oldest first, and remembers from where on the feed is whole.
 * Called until it returns 0, a transaction each time: commits get their turn in between.
 */
export async function prune(db: Kysely<Tables>, before: number): Promise<number> {
  const iso = new Date(before).toISOString();
  return (await pruneChanges(db, iso)) + (await pruneTombstones(db, iso));
}

async function pruneChanges(db: Kysely<Tables>, iso: string): Promise<number> {
  // Changes are in order of time, but for a clock that was set: no index on their time is needed.
  const oldest = await db.selectFrom('changes').select(['seq', 'at']).orderBy('seq').limit(CHUNK).execute();
  const seqs = oldest.filter((change) => change.at < iso).map((change) => change.seq);
  if (seqs.length > 0) await db.deleteFrom('changes').where('seq', 'in', seqs).execute();
  return seqs.length;
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
