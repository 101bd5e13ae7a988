import type { Kysely } from 'kysely';
import { mergeDetailErrors, pack } from '#lib/model/index.ts';
import { type CommitResult, type Put, StaleGeneration } from '../../port.ts';
import type { ScopeRow, Tables } from '../schema.ts';
import { toText } from '../text.ts';
import { Pace } from './pace.ts';
import { RowWriter } from './row-writer.ts';
import { giveUp } from './scopes.ts';
import type { Statements } from './statements.ts';
import { failing, turn, wholeState } from './status.ts';

/**
 * Applies what a watch said: the rows of each origin are now exactly these. A watch names the origin that is gone, which is
 * proof of its own; it needs no listing and no limit.
 */
export async function apply(
  db: Kysely<Tables>,
  statements: Statements,
  scope: ScopeRow,
  puts: readonly Put[],
  time: number,
): Promise<CommitResult> {
  if (scope.state === 'gone') throw new StaleGeneration(`${scope.id} is no longer configured or discovered`);
  const at = new Date(time).toISOString();
  // A listing with gaps is not healed by events: what it did not see may be gone without one.
  const confirms = scope.whole === 1;
  const rows = new RowWriter(statements, { scope, at, confirms });
  const pace = new Pace();
  for (const put of puts) {
    const uids = new Set(put.resources.map((resource) => toText(resource.uid)));
    for (const head of statements.ofOrigin.all(scope.id, toText(put.origin))) {
      if (!uids.has(head.uid)) rows.remove(head);
      if (pace.step()) await pace.rest();
    }
    for (const resource of put.resources) {
      if (pace.step(rows.see(resource.uid, pack(resource), put.unknown?.get(resource.uid)))) await pace.rest();
    }
  }
  const held = scope.held - rows.released;
  const errors = mergeDetailErrors(...puts.map(({ detailErrors = [] }) => detailErrors));
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
