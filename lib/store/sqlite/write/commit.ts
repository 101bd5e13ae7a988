import type { Kysely } from 'kysely';
import { CompleteListing, type Listing, stateAfter } from '#lib/model/index.ts';
import type { CommitResult, RemovalLimit } from '../../port.ts';
import { StaleGeneration } from '../../port.ts';
import type { ScopeRow, Tables } from '../schema.ts';
import { fromText, toText } from '../text.ts';
import { Pace } from './pace.ts';
import { RowWriter } from './row-writer.ts';
import { giveUp } from './scopes.ts';
import type { Head, Statements } from './statements.ts';
import { failing, turn, wholeState } from './status.ts';

export interface CommitOptions {
  generation: number;
  at: number;
  limit: RemovalLimit;
  signal?: AbortSignal;
}

const PAGE = 250;

/** Upserts a listing and, if it is complete, reconciles the scope with it. Runs inside one transaction. */
export async function commit(
  db: Kysely<Tables>,
  statements: Statements,
  scope: ScopeRow,
  listing: Listing,
  options: CommitOptions,
): Promise<CommitResult> {
  if (scope.state === 'gone') throw new StaleGeneration(`${listing.scope.id} is no longer configured or discovered`);
  if (options.generation <= scope.generation) {
    throw new StaleGeneration(
      `${listing.scope.id}: generation ${options.generation} is not newer than ${scope.generation}`,
    );
  }
  const pace = new Pace(options.signal);
  const at = new Date(options.at).toISOString();
  // Not `listing.complete`, which anyone could set: only drain() can make the class.
  const complete = listing instanceof CompleteListing;
  const rows = new RowWriter(statements, { scope, at, confirms: complete });
  if (!complete) await upsert(rows, listing, pace);
  const held = complete
    ? await reconcile(rows, statements, scope.id, listing, options, pace)
    : scope.held - rows.released;
  const count = scope.count + rows.gained - rows.counts.disappeared;
  const outcome = complete
    ? wholeState(scope, { count, held, owner: statements.owner.get([...rows.owners][0] ?? '') })
    : { state: stateAfter(listing.reason.kind, listing.resources.size > 0), reason: listing.reason };
  await db
    .updateTable('scopes')
    .set({
      ...turn(scope, outcome.state, outcome.reason, at),
      last_attempt: at,
      last_success: complete ? at : scope.last_success,
      generation: options.generation,
      count,
      unreadable: complete ? 0 : listing.unreadable.length,
      held,
      detail_errors: failing(scope, listing.detailErrors, { still: !complete }),
      watched: 0,
      whole: complete ? 1 : 0,
    })
    .where('id', '=', scope.id)
    .execute();
  await giveUp(db, rows.taken);
  rows.finish();
  options.signal?.throwIfAborted();
  return { revision: rows.revision, ...rows.counts, held };
}

/** Adds and updates what was seen; says nothing about what was not. */
async function upsert(rows: RowWriter, listing: Listing, pace: Pace): Promise<void> {
  for (const [uid, row] of listing.resources.packedEntries()) {
    if (pace.step(rows.see(uid, row, listing.unknown.get(uid)))) await pace.rest();
  }
}

/**
 * Makes the scope's live rows those of the listing. The only place where a listing removes rows.
 * @returns how many rows are missing but wait for a second listing to agree
 */
async function reconcile(
  rows: RowWriter,
  statements: Statements,
  scope: string,
  listing: CompleteListing,
  options: CommitOptions,
  pace: Pace,
): Promise<number> {
  const known = new Set<string>();
  const missing: Head[] = [];
  let live = 0;
  for (let last: Head | undefined; ; ) {
    const page = statements.page.all(scope, last?.origin ?? '', last?.id ?? 0, PAGE);
    last = page.at(-1);
    if (last === undefined) break;
    for (const head of page) {
      const uid = fromText(head.uid);
      // A row whose object has just changed comes by a second time.
      if (known.has(uid)) continue;
      live++;
      const row = listing.resources.packed(uid);
      if (row === undefined) missing.push(head);
      else known.add(uid);
      const work = row === undefined ? 0 : rows.see(uid, row, listing.unknown.get(uid), head);
      if (pace.step(work)) await pace.rest();
    }
  }
  for (const [uid, row] of listing.resources.packedEntries()) {
    if (!known.has(uid) && pace.step(rows.add(uid, row, listing.unknown.get(uid)))) await pace.rest();
  }
  const isNews = doubted(missing, listing, options.limit(live));
  const fresh = missing.filter(isNews);
  // The comparison that holds when the limit is not a number.
  const hold = !(fresh.length <= options.limit(live));
  for (const head of missing) {
    if (hold && isNews(head)) rows.hold(head, options.generation);
    else rows.remove(head);
    if (pace.step()) await pace.rest();
  }
  return hold ? fresh.length : 0;
}

/**
 * Which of the missing rows need a second listing to agree, where they are too many. Not one whose object is listed with other uids: it was
 * seen, and is named differently now.
 */
function doubted(missing: readonly Head[], listing: CompleteListing, limit: number): (head: Head) => boolean {
  const isNew = (head: Head) => head.missing_generation === null;
  if (missing.filter(isNew).length <= limit) return isNew;
  const objectIds = new Set<string>();
  for (const [, { objectId }] of listing.resources.packedEntries()) objectIds.add(toText(objectId));
  return (head) => isNew(head) && !objectIds.has(head.origin);
}
