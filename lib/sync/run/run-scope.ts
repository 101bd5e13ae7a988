import { type Batch, drain, type Listing, type Reason, type Scope, stateAfter } from '#lib/model/index.ts';
import { type RemovalLimit, StaleGeneration } from '#lib/store/port.ts';
import type { Connection, Provider } from '#providers/contract.ts';
import type { Admission, Breaker } from '../limits/breaker.ts';
import { deadlineFor, withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import type { Outcome, RunHistory } from '../limits/run-history.ts';
import type { Semaphores } from '../limits/semaphores.ts';
import { accountOf, type Tools } from '../source.ts';
import { accept } from './accept.ts';
import { explain, hintOf } from './reason.ts';

/** What lists a scope, and under which limits. */
export interface Lister {
  connection: Connection;
  provider: Provider;
  semaphores: Semaphores;
  /** Milliseconds between two runs; a run has 80 % of it. */
  interval: number;
}

export interface Run extends Lister {
  breaker: Breaker;
  history: RunHistory;
  /** A person asks for it now. */
  asked: boolean;
}

/** One run of a scope, stage by stage: admit, list, accept, drain, commit, learn. Throws the signal's reason and nothing else. */
export async function runScope(tools: Tools, scope: Scope, run: Run, signal: AbortSignal): Promise<void> {
  const permit = await admit(tools, scope, run, signal);
  if (permit === null) return;
  let outcome: Outcome;
  try {
    const generation = await tools.store.nextGeneration(scope.id);
    const listing = await listAcceptDrain(tools, scope, (call) => run.connection.list(scope, call), run, signal);
    outcome = await commit(tools, listing, generation, signal);
  } catch (error) {
    outcome = await commitFailed(tools, scope, error, signal);
  } finally {
    permit.release();
  }
  learn(tools, scope, run, permit.admission, outcome);
  signal.throwIfAborted();
}

/** Waits for permits under the caps, then asks the account's breaker; null where that holds the scope back. */
async function admit(
  { clock, log }: Tools,
  scope: Scope,
  { semaphores, provider, breaker, history, asked }: Run,
  signal: AbortSignal,
): Promise<{ admission: Admission; release(): void } | null> {
  const release = await semaphores.acquire(provider, accountOf(scope), !history.healthy, signal);
  const admission = breaker.admit(history.healthy, asked);
  if (admission === 'wait') {
    log.debug('scope.skipped', { scope: scope.id, reason: 'breaker' });
    release();
    return null;
  }
  history.lastStart = clock.monotonic();
  return { admission, release };
}

/**
 * Reads a scope to its end, or as far as it goes within its deadline; the listing says which. What the adapter does wrong is a
 * reason of the listing.
 * @throws the signal's reason
 */
export async function listAcceptDrain(
  { clock }: Tools,
  scope: Scope,
  list: (call: { signal: AbortSignal }) => AsyncIterable<Batch>,
  { interval }: { interval: number },
  signal: AbortSignal,
): Promise<Listing> {
  const listing = await withDeadline(clock, deadlineFor(interval), signal, (limited) => {
    const listed = guarded(() => list({ signal: limited }), limited);
    const accepted = accept(scope, listed);
    return drain(scope, accepted, (error) => explain(error, scope.label));
  });
  signal.throwIfAborted();
  return listing;
}

/** Above this many disappearances at once, a complete listing needs a second one to agree. */
const removalLimit: RemovalLimit = (live) => Math.max(50, Math.floor(live * 0.2));

/** True for a listing that brought neither a row nor anything unreadable. */
export const sawNothing = (listing: Listing): boolean =>
  !listing.complete && listing.resources.size === 0 && listing.unreadable.length === 0;

/**
 * The stages upsert and reconcile: one transaction per scope and generation. A listing that saw nothing only marks its scope, so
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

async function commit(tools: Tools, listing: Listing, generation: number, signal: AbortSignal): Promise<Outcome> {
  const committed = await commitListing(tools, listing, generation, signal);
  // A later run, or the end of the scope, made it void.
  if (committed === 'superseded') return { kind: 'cancelled', retryAfterMs: null };
  if (listing.complete) return { kind: null, retryAfterMs: null };
  const { reason, error } = listing;
  const { kind, message } = reason;
  tools.log.warn('scope.failed', {
    scope: listing.scope.id,
    stage: kind === 'unreadable' ? 'map' : 'list',
    kind,
    message,
    ...(kind === 'internal' ? { error } : {}),
  });
  return { kind, retryAfterMs: hintOf(error) };
}

/** The listing was fine, the commit was not: a row that the store cannot take, or the store itself. */
async function commitFailed(
  { store, clock, log }: Tools,
  scope: Scope,
  error: unknown,
  signal: AbortSignal,
): Promise<Outcome> {
  if (signal.aborted) return { kind: 'cancelled', retryAfterMs: null };
  const reason = explain(error, scope.label);
  log.error('scope.failed', { scope: scope.id, stage: 'upsert', kind: reason.kind, error });
  await store.mark(scope.id, stateAfter(reason.kind, false), reason, clock.now()).catch(() => {});
  return { kind: reason.kind, retryAfterMs: null };
}

/** What the run says of the next ones: of this scope, and of the others of its account. */
function learn({ log }: Tools, scope: Scope, { history, breaker }: Run, admission: Admission, outcome: Outcome): void {
  history.record(outcome);
  const wasOpen = breaker.open;
  breaker.report(admission, outcome.kind);
  if (breaker.open !== wasOpen)
    log.warn('scope.breaker', { source: scope.source, account: scope.account, open: breaker.open });
}

/** Lists once without keeping anything: the uids that it sees, or why it sees nothing and how long the provider asked to wait. */
export async function probeScope(
  tools: Tools,
  scope: Scope,
  lister: Lister,
  healthy: boolean,
  signal: AbortSignal,
): Promise<{ uids: string[] } | { reason: Reason; retryAfterMs: number }> {
  const { connection, provider, semaphores } = lister;
  const release = await semaphores.acquire(provider, accountOf(scope), !healthy, signal);
  try {
    const listing = await listAcceptDrain(tools, scope, (call) => connection.list(scope, call), lister, signal);
    if (listing.complete) return { uids: [...listing.resources.keys()] };
    const { reason, error } = listing;
    tools.log.debug('scope.failed', { scope: scope.id, stage: 'list', kind: reason.kind, message: reason.message });
    return { reason, retryAfterMs: hintOf(error) ?? 0 };
  } finally {
    release();
  }
}
