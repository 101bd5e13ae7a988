import type { Notifier } from '#lib/runtime/notifier.ts';
import type { Environment } from '#providers/contract.ts';
import type { IncusClient } from '../client/client.ts';

/** The addresses that lead to one cluster, or to one server that is in none. */
export interface Ways {
  readonly env: Environment;
  /** Beats when the stream of events breaks, and when a member changes. */
  readonly broken: Notifier;
  /** Asks one address, and the next where it cannot be reached. Nothing is tried twice. */
  use<T>(ask: (client: IncusClient) => Promise<T>): Promise<T>;
}
