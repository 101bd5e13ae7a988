import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore } from '#lib/store/reader.ts';
import { startQueryService } from '#lib/web/client.ts';
import type { QueryService } from '#lib/web/service.ts';
import { inProcessWorker } from './in-process-worker.ts';
import { silentLogger } from './log.ts';

/**
 * The index over a store, asked at the time of the clock that the store was filled by: ages and freshness are what that clock says, on
 * whatever day the test runs. A thread of its own would have the system's clock beside it.
 */
export function queryServiceAt(clock: { now(): number }, path: string): QueryService {
  const { spawn } = inProcessWorker(() => openReadStore(path), {
    ...systemClock,
    now: () => clock.now(),
  });
  return startQueryService({ path, log: silentLogger, spawn });
}
