import path from 'node:path';
import type { Environment } from '#lib/config/environment.ts';
import type { Configuration } from '#lib/config/sources.ts';
import type { LogEvent } from '#lib/log/index.ts';
import type { Logger } from '#lib/runtime/logger.ts';
import { openWriteStore, type SqliteStore, StoreError } from '#lib/store/index.ts';
import { Sync } from '#lib/sync/sync.ts';
import type { Clock } from '#providers/contract.ts';
import { listenForCommands } from './control-server.ts';
import { decisionsIn } from './decisions.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { ownMachine } from './own-machine.ts';

const PRUNE_EVERY = 24 * 3_600_000;
const FIRST_PRUNE = 60_000;

export interface CollectorOptions {
  environment: Pick<Environment, 'MUSTER_DATA'>;
  configuration: Configuration;
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  log: Logger<LogEvent>;
  /** Ends the collector. */
  signal: AbortSignal;
}

/**
 * Collects until the signal aborts, then cancels what is under way and closes everything. Returns the exit code.
 * A provider never ends it; a store that turns out to be damaged does.
 */
export async function collect(options: CollectorOptions): Promise<number> {
  const { environment, clock, log } = options;
  let store: SqliteStore;
  try {
    store = await openWriteStore(path.join(environment.MUSTER_DATA, 'muster.db'), {
      clock,
      held: (bytes) => log.warn('store.log-held', { bytes }),
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.error('store.refused', { refusal: error.refusal, message: error.message });
    return exitCodeOf(error);
  }
  try {
    return await collectInto(store, options);
  } finally {
    await store.close();
    log.info('collector.stopped');
  }
}

async function collectInto(store: SqliteStore, options: CollectorOptions): Promise<number> {
  const { environment, configuration, clock, random, log, signal } = options;
  const broken = new AbortController();
  let code: number = EXIT.ok;
  const storeFailed = (error: unknown) => {
    if (!(error instanceof StoreError) && !isDamage(error)) return;
    code = error instanceof StoreError ? exitCodeOf(error) : EXIT.data;
    broken.abort();
  };
  const ending = AbortSignal.any([signal, broken.signal]);
  const sync = new Sync({
    sources: configuration.sources,
    store,
    clock,
    random,
    log,
    machine: ownMachine,
    storeFailed,
  });
  await sync.start();
  const commands = listenForCommands(
    environment.MUSTER_DATA,
    { refresh: (scope) => sync.refresh(scope), ...decisionsIn(store, clock) },
    log,
  );
  log.info('collector.started', { sources: configuration.sources.map(({ id }) => id), demo: configuration.demo });
  await pruneDaily(store, options, ending);
  log.info('collector.stopping', { skipped: sync.skipped });
  await commands.close();
  await sync.stop();
  return code;
}

/** Returns when the signal aborts. */
async function pruneDaily(store: SqliteStore, options: CollectorOptions, signal: AbortSignal): Promise<void> {
  const { clock, configuration, log } = options;
  for (let pause = FIRST_PRUNE; ; pause = PRUNE_EVERY) {
    try {
      await clock.sleep(pause, signal);
      const now = clock.now();
      const rows = await store.prune(now - configuration.history, now);
      log.info('store.pruned', { rows });
    } catch (error) {
      if (signal.aborted) return;
      log.error('store.failed', { error });
    }
  }
}

/** What SQLite says of a file that it can no longer trust; a full disk and a busy file pass. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}
