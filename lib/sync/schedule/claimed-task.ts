import { mayBeTakenOver, type Reason, type Scope, type ScopeState, stateAfter } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import { Timer } from '#lib/runtime/timer.ts';
import { Cancelled } from '../run/reason.ts';
import { type Lister, probeScope } from '../run/run-scope.ts';
import type { Tools } from '../source.ts';
import type { Claims } from './claims.ts';
import type { Refresh, ScopeTask } from './scope-task.ts';
import { WatchUnsupported } from './watch-task.ts';

/** How often a scope checks who lists it: the one that does, and those that wait. */
const CLAIM_CHECK_MS = 60_000;
/** How often one that waits probes whether it sees what nobody else does: rights change. */
const PROBE_MS = 3_600_000;
const PAUSES = { firstMs: CLAIM_CHECK_MS, longestMs: 30 * 60_000 };
const WITHOUT_FAILURE: ReadonlySet<ScopeState> = new Set(['pending', 'fresh', 'duplicate']);

export interface ClaimedTaskOptions extends Lister {
  claims: Claims;
  /** Lists the scope as it is now on its schedule. */
  list(scope: Scope): ScopeTask;
  /** The same by a watch, where its connection has watches. */
  watch?(scope: Scope): ScopeTask;
}

/**
 * Keeps a scope current unless another source lists the same. Then it says who does and has no rows of its own, with two exceptions,
 * for two credentials need not see the same. It takes over once the other fails for so long that its rows are stale and it does not itself.
 * And it lists beside the other for as long as it sees what the other does not, as two probes with a listing of the other in between show.
 */
export class ClaimedTask implements ScopeTask {
  readonly #tools: Tools;
  readonly #options: ClaimedTaskOptions;
  readonly #timer: Timer;
  #scope: Scope;
  /** Null while it waits. */
  #task: ScopeTask | null = null;
  #asked = false;

  constructor(tools: Tools, scope: Scope, options: ClaimedTaskOptions) {
    this.#tools = tools;
    this.#scope = scope;
    this.#options = options;
    this.#timer = new Timer(tools.clock);
  }

  get scope(): Scope {
    return this.#scope;
  }

  set scope(scope: Scope) {
    this.#scope = scope;
    if (this.#task) this.#task.scope = scope;
  }

  /** One that waits is probed once more, which takes it no row that another source has. */
  refresh(): Refresh {
    if (this.#task) return this.#task.refresh();
    if (this.#asked) return 'coalesced';
    this.#asked = true;
    this.#timer.wake();
    return 'accepted';
  }

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const isOurs = this.#holder() === null || (await this.#wait(signal)) === 'ours';
      await this.#list(isOurs, signal);
    }
  }

  /** The scope of the other source that lists it; null where it is this one. */
  #holder(): { source: string; scope: string } | null {
    const holder = this.#options.claims.take(this.#scope);
    return holder.source === this.#scope.source ? null : holder;
  }

  /** Lists until another source has taken over, or, beside that one, until no row is left that this scope alone has. */
  async #list(isOurs: boolean, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const inner = AbortSignal.any([signal, stop.signal]);
    const running = this.#runTask(inner);
    try {
      await Promise.race([running, this.#untilOthers(isOurs, inner)]);
    } finally {
      this.#task = null;
      stop.abort(new Cancelled('another source lists it'));
      await running.catch(() => {});
    }
    signal.throwIfAborted();
  }

  /** Watches; lists instead where the connection turns out to have no watches. */
  async #runTask(signal: AbortSignal): Promise<void> {
    const { list, watch } = this.#options;
    try {
      this.#task = (watch ?? list)(this.#scope);
      await this.#task.run(signal);
    } catch (error) {
      if (!(error instanceof WatchUnsupported)) throw error;
      this.#tools.log.info('watch.unsupported', { scope: this.#scope.id, message: error.message });
      this.#task = list(this.#scope);
      await this.#task.run(signal);
    }
  }

  async #untilOthers(isOurs: boolean, signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    for (let ours = isOurs; ; ) {
      await clock.sleep(CLAIM_CHECK_MS, signal);
      if (this.#holder() === null) ours = true;
      else if (ours || (await this.#status(this.#scope.id))?.state === 'duplicate') return;
    }
  }

  /** Waits while another source lists it: until the claim is `ours`, or until this scope was seen to have rows `beside` the other's. */
  async #wait(signal: AbortSignal): Promise<'ours' | 'beside'> {
    const { clock, store, random } = this.#tools;
    // What failed until now keeps its reason, in place of that another lists it.
    const before = await this.#status(this.#scope.id);
    let failures = before === null || WITHOUT_FAILURE.has(before.state) ? 0 : 1;
    /** What nobody else had at the first of two probes. */
    let unlisted: ReadonlySet<string> | null = null;
    let since = clock.now();
    let notBefore = Number.NEGATIVE_INFINITY;
    let due = Number.NEGATIVE_INFINITY;
    let reported: string | null = null;
    for (;;) {
      const holder = this.#holder();
      if (holder === null) return 'ours';
      if (holder.source !== reported && failures === 0) await this.#reportDuplicate(holder.source);
      reported = holder.source;
      const status = await this.#status(holder.scope);
      // One whose rows are a third one's lists well.
      const isLeft = status !== null && status.state !== 'duplicate' && mayBeTakenOver(status, clock.now());
      // Before the other has listed, nothing that is seen here says anything.
      const hasListed = status !== null && Date.parse(status.lastSuccess ?? '') > since;
      const now = clock.monotonic();
      const must = this.#asked || ((isLeft || failures > 0) && now >= notBefore);
      if (must || (hasListed && now >= due)) {
        this.#asked = false;
        since = clock.now();
        const probe = await probeScope(this.#tools, this.#scope, this.#options, failures === 0, signal);
        if ('reason' in probe) {
          const { reason, retryAfterMs } = probe;
          await store.mark(this.#scope.id, stateAfter(reason.kind, false), reason, since).catch(() => {});
          notBefore = now + Math.max(retryAfterMs, backoff(failures++, PAUSES, random));
        } else if (isLeft) {
          this.#options.claims.takeOver(this.#scope);
          return 'ours';
        } else {
          if (failures > 0) await this.#reportDuplicate(holder.source);
          failures = 0;
          const uids: string[] | null = await store.unlisted(probe.uids, this.#scope.id, clock.now()).catch(() => null);
          // The store has reported its failure itself; without it this was no probe, and the next is a minute away.
          if (uids !== null) {
            if (hasListed && uids.some((uid) => unlisted?.has(uid))) return 'beside';
            const isFirst: boolean = unlisted === null && uids.length > 0;
            unlisted = isFirst ? new Set(uids) : null;
            due = isFirst ? now : now + PROBE_MS;
          }
        }
      }
      await this.#timer.sleepUntil(clock.monotonic() + CLAIM_CHECK_MS, signal);
    }
  }

  #status(id: string) {
    return this.#options.claims.statusOf(id, this.#tools);
  }

  async #reportDuplicate(holder: string): Promise<void> {
    const { store, clock, log } = this.#tools;
    const { scope } = this;
    log.info('scope.duplicate', { scope: scope.id, source: holder });
    const reason: Reason = { kind: 'other-source', message: `${scope.label}: listed by source ${holder}` };
    // Where the store fails, it has reported that itself, and the scope stays as it was.
    await store.mark(scope.id, stateAfter(reason.kind, false), reason, clock.now()).catch(() => {});
  }
}
