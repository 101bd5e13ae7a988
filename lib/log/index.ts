import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { Logger } from '#lib/runtime/logger.ts';
import { cleanText, cleanValue } from './clean.ts';
import { isLogEvent, type LogEvent } from './events.ts';

export { cleanText } from './clean.ts';
export { isLogEvent as isKnownEvent, type LogEvent } from './events.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Fields = Record<string, unknown>;

export interface LoggerOptions {
  level: LogLevel;
  /** Which process speaks: `collector`, `web`. */
  part: string;
  /** Default standard error, written at once so that the last line before an exit is not lost. */
  to?: DestinationStream;
}

// Names a line's own keys must keep.
const OWN = new Set(['level', 'time', 'part', 'event', 'name']);

/** JSON lines in UTC: `{"level":"info","time":"2026-11-21T09:12:00.000Z","part":"collector","event":"scope.listed",...}`. */
export function createLogger({
  level,
  part,
  to = destination({ dest: 2, sync: true }),
}: LoggerOptions): Logger<LogEvent> {
  const lines = pino(
    {
      level,
      base: { part },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
  const line = (event: string, fields: Fields = {}): Fields => {
    const clean: Fields = isLogEvent(event) ? { event } : { event: 'other', name: cleanText(event) };
    for (const [key, value] of Object.entries(cleanValue(fields) as Fields)) {
      clean[OWN.has(key) ? `${key}_` : key] = value;
    }
    return clean;
  };
  return {
    debug: (event, fields) => lines.isLevelEnabled('debug') && lines.debug(line(event, fields)),
    info: (event, fields) => lines.isLevelEnabled('info') && lines.info(line(event, fields)),
    warn: (event, fields) => lines.isLevelEnabled('warn') && lines.warn(line(event, fields)),
    error: (event, fields) => lines.isLevelEnabled('error') && lines.error(line(event, fields)),
  };
}
