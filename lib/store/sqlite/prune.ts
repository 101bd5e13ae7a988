import { type Kysely, sql } from 'kysely';
import { Pace } from './pace.ts';
import type { Tables } from './schema.ts';

const CHUNK = 500;

/** Deletes changes and tombstones older than `before`, oldest first, and remembers from where on the feed is whole. */
export async function prune(db: Kysely<Tables>, before: number): Promise<number> {
  const iso = new Date(before).toISOString();
  const pace = new Pace();
  let pruned = 0;
  for (;;) {
    const old = await db.selectFrom('changes').select(['seq', 'at']).orderBy('seq').limit(CHUNK).execute();
    const seqs = old.filter((change) => change.at < iso).map((change) => change.seq);
    if (seqs.length > 0) await db.deleteFrom('changes').where('seq', 'in', seqs).execute();
    pruned += seqs.length;
    // Changes are in order of time: the first young one ends it, and no index on their time is needed.
    if (seqs.length < CHUNK) break;
    await pace.rest();
  }
  for (;;) {
    const old = await db
      .selectFrom('resources')
      .select(['id', 'seq'])
      .where('removed_at', 'is not', null)
      .where('removed_at', '<', iso)
      .limit(CHUNK)
      .execute();
    if (old.length === 0) break;
    const floor = Math.max(...old.map((row) => row.seq));
    await db
      .updateTable('meta')
      .set({ value: sql<number>`max(value, ${floor})` })
      .where('key', '=', 'feed_floor')
      .execute();
    await db
      .deleteFrom('resources')
      .where(
        'id',
        'in',
        old.map((row) => row.id),
      )
      .execute();
    pruned += old.length;
    await pace.rest();
  }
  return pruned;
}
