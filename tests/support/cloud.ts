import { type DetailError, mergeDetailErrors, type Resource, type Scope, type Unreadable } from '#lib/model/index.ts';
import type { Connection, Permission, Provider } from '#providers/contract.ts';
import { type TestClock, testClock } from '#tests/fakes/clock.ts';

export interface OpenCloud {
  connection: Connection;
  clock: TestClock;
  /** Events that were logged, with their fields. */
  logged: { event: string; fields: Record<string, unknown> | undefined }[];
  scopes(): Promise<Scope[]>;
  /** The scope of this account and part; the first of them where nothing is said. */
  scope(about?: { account?: string; part?: string }): Promise<Scope>;
  permissions(): Promise<Permission[]>;
}

export interface Listed {
  rows: Resource[];
  unreadable: Unreadable[];
  /** Calls beside the list that failed. */
  detailErrors: DetailError[];
  /** What it ended with; null where it is complete. */
  error: unknown;
}

const call = { signal: new AbortController().signal };

/** Opens a source as an operator would write it, on a clock of the test. */
export async function openCloud<C>(provider: Provider<C>, config: unknown): Promise<OpenCloud> {
  const clock = testClock();
  const logged: OpenCloud['logged'] = [];
  const note = (event: string, fields?: Record<string, unknown>) => void logged.push({ event, fields });
  const log = { debug: note, info: note, warn: note, error: note };
  const adapter = await provider.load();
  const connection = await adapter.open(provider.config.parse(config), { source: 's', log, clock, random: () => 0 });
  const scopes = () => collect(connection.scopes(call));
  return {
    connection,
    clock,
    logged,
    scopes,
    scope: async ({ account, part } = {}) => {
      const found = (await scopes()).find((s) => (!account || s.account === account) && (!part || s.part === part));
      if (!found) throw new Error('no such scope');
      return found;
    },
    permissions: () => collect(connection.permissions(call)),
  };
}

/** Reads a listing to its end, rows and error alike. */
export async function listCloud(connection: Connection, scope: Scope, signal = call.signal): Promise<Listed> {
  const listed: Listed = { rows: [], unreadable: [], detailErrors: [], error: null };
  try {
    for await (const batch of connection.list(scope, { signal })) {
      listed.rows.push(...batch.resources);
      listed.unreadable.push(...batch.unreadable);
      listed.detailErrors = mergeDetailErrors(listed.detailErrors, batch.detailErrors ?? []);
    }
  } catch (error) {
    listed.error = error;
  }
  return listed;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
