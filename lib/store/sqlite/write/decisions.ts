import { type Kysely, sql } from 'kysely';
import { type Decision, decisionSchema } from '#lib/model/index.ts';
import type { Tables } from '../schema.ts';
import { fromText, toText } from '../text.ts';

type Db = Kysely<Tables>;

export async function allDecisions(db: Db): Promise<Decision[]> {
  const rows = await db.selectFrom('decisions').selectAll().orderBy('a').orderBy('b').execute();
  return rows.map((row) =>
    decisionSchema.parse({ ...row, a: fromText(row.a), b: fromText(row.b), reason: fromText(row.reason) }),
  );
}

/** Keeps one word per pair, whichever way round it was said; the same word again changes nothing. */
export async function decide(db: Db, pair: { a: string; b: string }, decision: Decision | null): Promise<boolean> {
  if (pair.a === pair.b) throw new TypeError('a decision is about two resources');
  const [a, b] = pair.a < pair.b ? [pair.a, pair.b] : [pair.b, pair.a];
  const key = { a: toText(a), b: toText(b) };
  const before = await db
    .selectFrom('decisions')
    .select(['verdict', 'reason'])
    .where('a', '=', key.a)
    .where('b', '=', key.b)
    .executeTakeFirst();
  if (decision === null) {
    if (before === undefined) return false;
    await db.deleteFrom('decisions').where('a', '=', key.a).where('b', '=', key.b).execute();
  } else {
    const { verdict, reason, at } = decisionSchema.parse({ ...decision, a, b });
    const word = { verdict, reason: toText(reason), at };
    if (before?.verdict === word.verdict && before.reason === word.reason) return true;
    await db
      .insertInto('decisions')
      .values({ ...key, ...word })
      .onConflict((conflict) => conflict.columns(['a', 'b']).doUpdateSet(word))
      .execute();
  }
  // No row has this number: the feed has nothing to tell, and yet whoever follows it hears that something is new.
  await db.updateTable('meta').set({ value: sql<number>`value + 1` }).where('key', '=', 'revision').execute();
  return true;
}
