import { waitAtMost } from '#lib/runtime/notifier.ts';
import { type Call, type Clock, ProviderError } from '#providers/contract.ts';
import type { LibvirtClient } from '../client/client.ts';
import { parseEvent } from './events.ts';

/** More domains than this at once, and a new listing is cheaper. */
const MAX_NAMES = 1000;

/** What the events said since it was last emptied. */
export interface Inbox {
  /** Resolves once the child listens, or is over. */
  readonly connected: Promise<void>;
  /** Names of domains that may be otherwise now; empties it. */
  take(): string[];
  /** True where something may be lost: a line that is none, too many, the end of the child. */
  readonly doubt: boolean;
  /** How the child ended; `null` while it lives, `true` without an error. */
  readonly over: ProviderError | true | null;
  /** Waits for the first news, `ms` at most. */
  news(ms: number): Promise<void>;
}

/** Starts listening. Stops, its child with it, when the signal aborts. */
export function listen(client: LibvirtClient, clock: Clock, call: Call): Inbox {
  const names = new Set<string>();
  const connected = Promise.withResolvers<void>();
  let doubt = false;
  let over: Inbox['over'] = null;
  let wake: (() => void) | null = null;
  const notify = () => {
    wake?.();
    wake = null;
  };
  let first = true;
  client
    .events(call, (line) => {
      connected.resolve();
      if (first) {
        first = false;
        return;
      }
      const event = parseEvent(line);
      if (event.type === 'domain' && names.size < MAX_NAMES) names.add(event.name);
      else if (event.type !== 'nothing') doubt = true;
      if (event.type !== 'nothing') notify();
    })
    .then(
      () => {
        over = true;
      },
      (error: unknown) => {
        over = error instanceof ProviderError ? error : new ProviderError('network', client.uri.place, 'events ended');
      },
    )
    .finally(() => {
      connected.resolve();
      notify();
    });
  return {
    connected: connected.promise,
    take() {
      const all = [...names];
      names.clear();
      return all;
    },
    get doubt() {
      return doubt;
    },
    get over() {
      return over;
    },
    news: (ms) => {
      if (names.size > 0 || doubt || over !== null) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      return waitAtMost(promise, ms, clock, call.signal);
    },
  };
}
