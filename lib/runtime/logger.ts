/**
 * Structured log: an event name of a closed list and plain fields; never foreign text in the event, never a secret. `Logger<LogEvent>`
 * of `lib/log` takes the names of its list alone; an adapter, which does not know that list, is handed the same as `Logger`.
 */
export interface Logger<Event extends string = string> {
  debug(event: Event, fields?: Record<string, unknown>): void;
  info(event: Event, fields?: Record<string, unknown>): void;
  warn(event: Event, fields?: Record<string, unknown>): void;
  error(event: Event, fields?: Record<string, unknown>): void;
}
