/** Every event that Muster logs. A closed list: what is searched for in logs must not depend on foreign text. */
export const LOG_EVENTS = [
  'collector.started',
  'collector.stopping',
  'collector.stopped',
  'collector.failed',
  'collector.unhandled-rejection',
  'config.problem',
  'config.demo',
  'store.refused',
  'store.failed',
  'store.pruned',
  'refresh.listening',
  'refresh.failed',
  'refresh.requested',
  'source.opened',
  'source.open-failed',
  'source.close-failed',
  'source.discovered',
  'source.discovery-failed',
  'scope.listed',
  'scope.failed',
  'scope.superseded',
  'scope.skipped',
  'scope.breaker',
  'watch.started',
  'watch.listed',
  'watch.failed',
  'index.ready',
  'index.failed',
  'web.listening',
  'web.closing',
  'web.cannot-listen',
  'web.request-failed',
  /** An event that is not in this list, its name beside it: what an adapter says. */
  'other',
] as const;
export type LogEvent = (typeof LOG_EVENTS)[number];

const KNOWN: ReadonlySet<string> = new Set(LOG_EVENTS);
export const isLogEvent = (event: string): event is LogEvent => KNOWN.has(event);
