import type { Kysely } from 'kysely';
import { mergeDetailErrors, pack } from '#lib/model/index.ts';
import { type CommitResult, StaleGeneration, type Upsert } from '../../port.ts';
import type { ScopeRow, Tables } from '../schema.ts';
import { toText } from '../text.ts';
import { Pace } from './pace.ts';
import { RowWriter } from './row-writer.ts';
import { giveUp } from './scopes.ts';
import type { Statements } from './statements.ts';
import { failing, turn, wholeState } from './status.ts';

/**
 * Applies the upserts of a watch: the rows of each object are now exactly these. A watch names the object that is gone, which is
 * proof of its own; it needs no listing and no limit.
 */
export async function apply(
  db: Kysely<Tables>,
  statements: Statements,
  scope: ScopeRow,
  upserts: readonly Upsert[],
  time: number,
): Promise<CommitResult> {
  if (scope.state === 'gone') throw new StaleGeneration(`${scope.id} is no longer configured or discovered`);
  const at = new Date(time).toISOString();
  // A listing with gaps is not healed by events: what it did not see may be gone without one.
  const confirms = scope.whole === 1;
  const rows = new RowWriter(statements, { scope, at, confirms });
  const pace = new Pace();
  for (const upsert of upserts) {
    const uids = new Set(upsert.resources.map((resource) => toText(resource.uid)));
    for (const head of statements.ofObject.all(scope.id, toText(upsert.objectId))) {
      if (!uids.has(head.uid)) rows.remove(head);
      if (pace.step()) await pace.rest();
    }
    for (const resource of upsert.resources) {
      if (pace.step(rows.see(resource.uid, pack(resource), upsert.unknown?.get(resource.uid)))) await pace.rest();
    }
  }
  const held = scope.held - rows.released;
  const errors = mergeDetailErrors(...upserts.map(({ detailErrors = [] }) => detailErrors));
  const count = scope.count + rows.gained - rows.counts.disappeared;
  const owner = statements.owner.get([...rows.owners][0] ?? '');
  const { state, reason } = wholeState(scope, { count, held, owner });
  // Where nothing was said of a row, another source still has them.
  const outcome =
    scope.state === 'duplicate' && count === 0 && owner === undefined ? {} : turn(scope, state, reason, at);
  await db
    .updateTable('scopes')
    .set({
      ...(confirms ? { ...outcome, last_attempt: at, last_success: at, watched: 1 } : {}),
      count,
      held,
      ...(errors.length > 0 ? { detail_errors: failing(scope, errors, { still: true }) } : {}),
    })
    .where('id', '=', scope.id)
    .execute();
  await giveUp(db, rows.taken);
  rows.finish();
  return { revision: rows.revision, ...rows.counts, held };
}
