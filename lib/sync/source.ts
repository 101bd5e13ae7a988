import type { Scope } from '#lib/model/index.ts';
import type { Random } from '#lib/runtime/backoff.ts';
import type { WriteStore } from '#lib/store/port.ts';
import type { Clock, Connection, Environment, Logger, Provider } from '#providers/contract.ts';

/** One configured source, as the sync needs it. */
export interface Source {
  id: string;
  /** Its manifest; the sync uses id, kinds and caps. */
  provider: Provider;
  /** Milliseconds between two listings of a scope. */
  interval: number;
  /** Milliseconds between two discoveries of scopes. */
  discovery: number;
  /** May be called again after it failed. */
  open(env: Environment): Promise<Connection>;
}

/** What all parts of the sync work with. */
export interface Tools {
  store: WriteStore;
  clock: Clock;
  random: Random;
  log: Logger;
  /** As in an {@link Environment}. */
  machine?: Environment['machine'];
}

/** An account as all sources call it. `*` is all that one source may see, so that it is never another's. */
export const accountOf = ({ source, account }: Scope): string => (account === '*' ? `${source} *` : account);
