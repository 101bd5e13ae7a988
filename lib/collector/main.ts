import { setFlagsFromString } from 'node:v8';
import { ConfigError, readEnvironment } from '#lib/config/environment.ts';
import { loadConfiguration } from '#lib/config/load.ts';
import { createLogger } from '#lib/log/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { registry } from '#providers/registry.ts';
import { collect } from './collector.ts';
import { EXIT } from './exit-codes.ts';

// The collector process: holds the credentials, lists the clouds, writes the store.
// V8 lets a heap of much short-lived garbage grow to a gigabyte before it looks: at 100,000 resources this halves the resident
// memory (`npm run bench -- page`) for about a fifth more CPU.
setFlagsFromString('--heap-growing-percent=30');

const HARD_STOP_MS = 10_000;
/** A terminal, a shell and npm each pass one and the same Ctrl-C on. */
const SAME_SIGNAL_MS = 500;

async function main(): Promise<number> {
  // The command line that started us sets these; nobody else in this process reads them.
  const environment = readEnvironment(process.env);
  const configuration = loadConfiguration(environment, registry);
  const log = createLogger({ level: environment.LOG_LEVEL, part: 'collector' });
  const stopping = new AbortController();
  let asked: number | null = null;
  const onSignal = () => {
    if (asked === null) {
      asked = performance.now();
      stopping.abort();
      setTimeout(() => process.exit(EXIT.failed), HARD_STOP_MS).unref();
    } else if (performance.now() - asked > SAME_SIGNAL_MS) process.exit(EXIT.failed);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // An adapter or an SDK that fails where nobody listens fails alone: its scope's own run has its deadline, and the store's
  // transactions run in promises that are awaited.
  process.on('unhandledRejection', (error) => log.error('collector.unhandled-rejection', { error }));
  process.on('uncaughtException', (error) => log.error('collector.uncaught-exception', { error }));
  const { signal } = stopping;
  try {
    return await collect({ environment, configuration, clock: systemClock, random: Math.random, log, signal });
  } catch (error) {
    log.error('collector.failed', { error });
    return EXIT.failed;
  }
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines()) process.stderr.write(`${line}\n`);
  process.exit(EXIT.config);
}
