import { type Batch, drain, type Listing, type Reason, type Scope, stateAfter } from '#lib/model/index.ts';
import { type RemovalLimit, StaleGeneration } from '#lib/store/port.ts';
import type { Connection } from '#providers/contract.ts';
import { withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import type { Tools } from '../source.ts';
import { accept } from './accept.ts';
import { explain, hintOf } from './reason.ts';

/** What became of one attempt. `superseded`: a later run or the end of the scope made it void; like `cancelled`, it left no trace. */
export type Outcome =
  | { result: 'complete' }
  | { result: 'incomplete'; reason: Reason; retryAfterMs: number | null }
  | { result: 'cancelled' | 'superseded' };

/** Above this many disappearances at once, a complete listing needs a second one to agree. */
export const removalLimit: RemovalLimit = (live) => Math.max(50, Math.floor(live * 0.2));

/** Reads a scope to its end, or as far as it goes; what it returns says which. Never throws for what the adapter did. */
export async function listScope(
  scope: Scope,
  batches: (signal: AbortSignal) => AsyncIterable<Batch>,
  { clock, ms, signal }: { clock: Tools['clock']; ms: number; signal: AbortSignal },
): Promise<{ listing: Listing; retryAfterMs: number | null; error: unknown }> {
  let retryAfterMs: number | null = null;
  let failure: unknown;
  const listing = await withDeadline(clock, ms, signal, (limited) =>
    drain(
      scope,
      accepted(
        scope,
        guarded(() => batches(limited), limited),
      ),
      (error) => {
        // An adapter may wrap the abort into an error of its own; the signal knows better.
        failure = limited.aborted ? limited.reason : error;
        retryAfterMs = hintOf(failure);
        return explain(failure, scope.label);
      },
    ),
  );
  return { listing, retryAfterMs, error: failure };
}

async function* accepted(scope: Scope, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield accept(scope, batch);
}

/** True for an attempt that brought neither a row nor anything unreadable. */
export const sawNothing = (listing: Listing): boolean =>
  !listing.complete && listing.resources.size === 0 && listing.unreadable.length === 0;

/**
 * The stages upsert and reconcile: one transaction per scope and generation. An attempt that saw nothing only marks its scope, so
 * that it touches no row.
 */
export async function commitListing(
  { store, clock, log }: Tools,
  listing: Listing,
  generation: number,
  signal: AbortSignal,
): Promise<'committed' | 'superseded'> {
  const { scope } = listing;
  try {
    if (!listing.complete && sawNothing(listing)) {
      await store.mark(scope.id, stateAfter(listing.reason.kind, false), listing.reason, clock.now());
      return 'committed';
    }
    const done = await store.commit(listing, { generation, at: clock.now(), limit: removalLimit, signal });
    const { appeared, changed, unchanged, foreign, disappeared, held } = done;
    log.debug('scope.listed', {
      scope: scope.id,
      generation,
      complete: listing.complete,
      list: { rows: listing.resources.size, duplicates: listing.duplicates },
      map: { unreadable: listing.complete ? 0 : listing.unreadable.length },
      upsert: { appeared, changed, unchanged, foreign },
      reconcile: { disappeared, held },
    });
    return 'committed';
  } catch (error) {
    if (!(error instanceof StaleGeneration)) throw error;
    log.info('scope.superseded', { scope: scope.id, generation });
    return 'superseded';
  }
}

/**
 * One attempt at a scope: list and map, then upsert and, if the listing is complete, reconcile.
 * @param deadline milliseconds for list and map; the commit that follows is not cut short by it
 */
export async function runScope(
  tools: Tools,
  connection: Connection,
  scope: Scope,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<Outcome> {
  const { store, clock, log } = tools;
  try {
    const generation = await store.nextGeneration(scope.id);
    const { listing, retryAfterMs, error } = await listScope(scope, (signal) => connection.list(scope, { signal }), {
      clock,
      ms: deadline,
      signal,
    });
    if (signal.aborted) return { result: 'cancelled' };
    const committed = await commitListing(tools, listing, generation, signal);
    if (committed === 'superseded') return { result: 'superseded' };
    if (listing.complete) return { result: 'complete' };
    const { kind, message } = listing.reason;
    log.warn('scope.failed', {
      scope: scope.id,
      stage: kind === 'unreadable' ? 'map' : 'list',
      kind,
      message,
      ...(kind === 'internal' ? { error } : {}),
    });
    return { result: 'incomplete', reason: listing.reason, retryAfterMs };
  } catch (error) {
    if (signal.aborted) return { result: 'cancelled' };
    // The listing was fine, the commit was not: a row that the store cannot take, or the store itself.
    const reason = explain(error, scope.label);
    log.error('scope.failed', { scope: scope.id, stage: 'upsert', kind: reason.kind, error });
    await store.mark(scope.id, stateAfter(reason.kind, false), reason, clock.now()).catch(() => {});
    return { result: 'incomplete', reason, retryAfterMs: null };
  }
}
