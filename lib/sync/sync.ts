import type { Random } from '#lib/runtime/backoff.ts';
import type { WriteStore } from '#lib/store/port.ts';
import type { Clock, Logger } from '#providers/contract.ts';
import { Reconnects } from './limits/reconnect.ts';
import { Semaphores } from './limits/semaphores.ts';
import { reportingStore } from './reporting-store.ts';
import { Cancelled } from './run/reason.ts';
import { Claims } from './schedule/claims.ts';
import { SourceTask } from './schedule/source-task.ts';
import type { Source, Tools } from './source.ts';

const SPACING = 20;
const START_WINDOW = 30_000;

export interface SyncOptions {
  sources: readonly Source[];
  store: WriteStore;
  clock: Clock;
  random: Random;
  log: Logger;
  machine?: Tools['machine'];
  /** Called when the store itself fails, not a provider; the sync goes on and tries again with its next runs. */
  storeFailed?(error: unknown): void;
}

export interface RefreshCount {
  /** Scopes that will be listed anew. */
  accepted: number;
  /** Scopes that are being listed, were a moment ago, or may not be asked yet. */
  coalesced: number;
}

/** Keeps the store current with all sources until it is stopped. One source failing is news, not an outage. */
export class Sync {
  readonly #options: SyncOptions;
  readonly #stop = new AbortController();
  readonly #tasks: SourceTask[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #skipped = 0;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Periods that went by while a run took longer than its interval. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Begins; sources that are no longer configured are gone from now on, their rows stay and say so. */
  async start(): Promise<void> {
    const { sources, clock, random, log, machine } = this.#options;
    const store = reportingStore(this.#options.store, (error) => {
      log.error('store.failed', { error });
      this.#options.storeFailed?.(error);
    });
    const tools: Tools = { store, clock, random, log, machine };
    await store.retainSources(
      sources.map(({ id }) => id),
      clock.now(),
    );
    if (this.#stop.signal.aborted) return;
    const shared = {
      semaphores: new Semaphores(clock, random),
      claims: new Claims(await store.scopes()),
      reconnects: new Reconnects(random),
    };
    const window = Math.min(START_WINDOW, SPACING * (sources.length - 1));
    const runs = sources.map((source) => {
      const task = new SourceTask(tools, source, shared, (ticks) => {
        this.#skipped += ticks;
      });
      this.#tasks.push(task);
      return task.run(window * random(), this.#stop.signal).catch((error) => {
        log.error('source.discovery-failed', { source: source.id, kind: 'internal', error });
      });
    });
    this.#running = Promise.all(runs);
  }

  /** @param target a scope's id, or `*` for all */
  refresh(target: string): RefreshCount {
    const scope = target === '*' ? null : target;
    const answers = this.#tasks.flatMap((task) => task.refresh(scope));
    const accepted = answers.filter((answer) => answer === 'accepted').length;
    return { accepted, coalesced: answers.length - accepted };
  }

  /** Cancels what is under way and resolves when every connection is closed; the store stays open. */
  async stop(): Promise<void> {
    this.#stop.abort(new Cancelled('the collector stops'));
    await this.#running;
  }
}
