import { setImmediate } from 'node:timers/promises';
import type { StreamEvent } from '#lib/api/resources.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import { FeedGap } from '#lib/store/reader.ts';
import { ScopeTable } from './columns/scopes.ts';
import type { Engine } from './engine.ts';

/** Rows read at once: some milliseconds, so that questions get their turn in between. */
const CHUNK = 500;

/** Touched rows that an event names at most. */
const NAMED = 500;

/** Scopes change without a revision. They are read again after this many ms, and never for more than a twentieth of the time. */
const SCOPES_AFTER = 1000;

/** Keeps an engine at the store's newest revision. */
export class Follower {
  readonly #engine: Engine;
  readonly #store: ReadStore;
  readonly #clock: Clock;
  #revision = 0;
  #scopesDue = 0;
  #scopesSeen = '';
  #decisionsSeen = '[]';

  constructor(engine: Engine, store: ReadStore, clock: Clock) {
    this.#engine = engine;
    this.#store = store;
    this.#clock = clock;
  }

  /** Of everything the engine has. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads all rows. @param progress called after each chunk */
  async build(progress: (done: number, total: number) => void): Promise<void> {
    // Read first: what is committed during the scan comes again with the feed, and writing a row twice changes nothing.
    const revision = await this.#store.revision();
    const total = await this.#store.count();
    let done = 0;
    this.#engine.reset(total);
    progress(done, total);
    await this.#readScopes();
    for await (const rows of this.#store.scan(CHUNK)) {
      this.#engine.add(rows);
      done += rows.length;
      progress(done, Math.max(done, total));
      await setImmediate();
    }
    this.#revision = revision;
    await this.#readDecisions();
    await this.#readFeed(new Set());
    this.#engine.warm();
  }

  /**
   * Applies what was committed since. Null if nothing changed; an event without uids if only the scopes' states did.
   * @throws FeedGap if too much was missed: build again
   */
  async poll(): Promise<StreamEvent | null> {
    const revision = await this.#store.revision();
    if (revision < this.#revision) throw new FeedGap('the store is another one now: read it again');
    const touched = new Set<string>();
    const hasNews = revision > this.#revision;
    if (hasNews) {
      await this.#readFeed(touched);
      await this.#readDecisions();
      this.#revision = Math.max(this.#revision, revision);
    }
    const scopesChanged = hasNews || this.#clock.monotonic() >= this.#scopesDue ? await this.#readScopes() : false;
    if (!hasNews && !scopesChanged) return null;
    return { revision: this.#revision, uids: touched.size > NAMED ? null : [...touched] };
  }

  async #readFeed(touched: Set<string>): Promise<void> {
    for (;;) {
      const rows = await this.#store.feed(this.#revision, CHUNK);
      this.#engine.apply(rows);
      for (const row of rows) if (touched.size <= NAMED) touched.add(row.resource.uid);
      this.#revision = rows.at(-1)?.seq ?? this.#revision;
      if (rows.length < CHUNK) return;
      // The store answers without leaving the thread: without this, no question would get its turn.
      await setImmediate();
    }
  }

  /** A decision is a revision that touches no row. */
  async #readDecisions(): Promise<void> {
    const decisions = await this.#store.decisions();
    const seen = JSON.stringify(decisions);
    if (seen === this.#decisionsSeen) return;
    this.#decisionsSeen = seen;
    this.#engine.decide(decisions);
  }

  /** True if a reader would see a difference. */
  async #readScopes(): Promise<boolean> {
    const start = this.#clock.monotonic();
    const scopes = await this.#store.scopes();
    this.#engine.setScopes(new ScopeTable(scopes));
    const end = this.#clock.monotonic();
    this.#scopesDue = end + Math.max(SCOPES_AFTER, 20 * (end - start));
    const seen = JSON.stringify(scopes.map(visible));
    const changed = seen !== this.#scopesSeen;
    this.#scopesSeen = seen;
    return changed;
  }
}

const visible = ({ id, state, reason, count, held, unreadable }: ScopeStatus) => [
  id,
  state,
  reason,
  count,
  held,
  unreadable,
];
