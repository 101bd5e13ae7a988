import type { Kysely } from 'kysely';
import { KEPT_ANSWERS, type KeptAnswer } from '../../port.ts';
import type { Tables } from '../schema.ts';
import { toText } from '../text.ts';

type Db = Kysely<Tables>;

export async function keptAnswer(db: Db, source: string, key: string): Promise<KeptAnswer | null> {
  const row = await db
    .selectFrom('answers')
    .select(['at', 'json'])
    .where('source', '=', toText(source))
    .where('key', '=', toText(key))
    .executeTakeFirst();
  return row === undefined ? null : { value: JSON.parse(row.json), at: Date.parse(row.at) };
}

export async function keepAnswer(db: Db, source: string, key: string, { value, at }: KeptAnswer): Promise<void> {
  const json = JSON.stringify(value);
  if (json.length > KEPT_ANSWERS.characters) return;
  const kept = { at: new Date(at).toISOString(), json };
  await db
    .insertInto('answers')
    .values({ source: toText(source), key: toText(key), ...kept })
    .onConflict((conflict) => conflict.columns(['source', 'key']).doUpdateSet(kept))
    .execute();
  const surplus = await db
    .selectFrom('answers')
    .select('key')
    .where('source', '=', toText(source))
    .orderBy('at', 'desc')
    .orderBy('key')
    .offset(KEPT_ANSWERS.ofSource)
    .limit(100)
    .execute();
  for (const { key: old } of surplus)
    await db.deleteFrom('answers').where('source', '=', toText(source)).where('key', '=', old).execute();
}

/** A source that is configured no more gets no answers from before when it comes back. */
export async function forgetAnswers(db: Db, configured: readonly string[]): Promise<void> {
  const kept = new Set(configured.map(toText));
  const rows = await db.selectFrom('answers').select('source').distinct().execute();
  for (const { source } of rows)
    if (!kept.has(source)) await db.deleteFrom('answers').where('source', '=', source).execute();
}
