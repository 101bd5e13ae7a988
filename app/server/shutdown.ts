import type { Server } from 'node:http';
import type { LogEvent } from '#lib/log/index.ts';
import type { Logger } from '#lib/runtime/logger.ts';

const HARD_STOP_MS = 10_000;

/**
 * Ends the process as an operator expects: not ready at once, streams closed, requests in flight answered, then `close`; at the
 * latest after ten seconds, at once on a second signal.
 */
export function closeOnSignal(
  server: Server,
  closing: AbortController,
  close: () => Promise<void>,
  log: Logger<LogEvent>,
): void {
  let asked = false;
  const onSignal = (signal: string): void => {
    if (asked) process.exit(130);
    asked = true;
    log.info('web.closing', { signal });
    setTimeout(() => process.exit(1), HARD_STOP_MS).unref();
    closing.abort(new Error('closing'));
    server.close(() => {
      close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
    server.closeIdleConnections();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
