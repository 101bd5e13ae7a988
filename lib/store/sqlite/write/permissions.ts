import type { Kysely } from 'kysely';
import { type PermissionsSeen, permissionsSeenSchema } from '#lib/model/index.ts';
import type { Tables } from '../schema.ts';
import { fromText, toText } from '../text.ts';

type Db = Kysely<Tables>;

export async function allPermissions(db: Db): Promise<PermissionsSeen[]> {
  const rows = await db.selectFrom('permissions').selectAll().orderBy('source').execute();
  return rows.map((row) =>
    permissionsSeenSchema.parse({
      source: fromText(row.source),
      provider: fromText(row.provider),
      at: row.at,
      ...JSON.parse(row.json),
    }),
  );
}

export async function sawPermissions(db: Db, seen: PermissionsSeen): Promise<void> {
  const { source, provider, at, ...rest } = permissionsSeenSchema.parse(seen);
  const values = { provider: toText(provider), at, json: JSON.stringify(rest) };
  await db
    .insertInto('permissions')
    .values({ source: toText(source), ...values })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(values))
    .execute();
}

/** What nobody is configured to look at any more is not shown as if it were so. */
export async function forgetPermissions(db: Db, configured: readonly string[]): Promise<void> {
  const kept = new Set(configured.map(toText));
  const rows = await db.selectFrom('permissions').select('source').execute();
  for (const { source } of rows)
    if (!kept.has(source)) await db.deleteFrom('permissions').where('source', '=', source).execute();
}
