import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriteStore, type SqliteStore } from '#lib/store/index.ts';
import { commitListing, listAcceptDrain } from '#lib/sync/run/run-scope.ts';
import type { Call, Connection } from '#providers/contract.ts';
import { registry } from '#providers/registry.ts';
import { type TestClock, testClock } from '#tests/fakes/clock.ts';
import { silentLogger as log } from '#tests/support/log.ts';

/** A store in a folder of its own, filled by one listing of every scope of the seeded fleet through every adapter's mock. */
export interface DemoStore {
  path: string;
  clock: TestClock;
  store: SqliteStore;
  /** Lists everything once more, at the clock's time. */
  list(): Promise<void>;
  close(): Promise<void>;
}

/** For readers that have the system's clock, as the web process has: what is listed now stays fresh while they read. */
export const demoStoreOfNow = (resources: number): Promise<DemoStore> =>
  demoStore(resources, testClock(Date.now()), 3_600_000);

/**
 * @param clock that of whoever reads the store
 * @param interval of the scopes, ms
 */
export async function demoStore(resources: number, clock = testClock(), interval = 30_000): Promise<DemoStore> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-demo-'));
  const path = join(folder, 'muster.db');
  const store = await openWriteStore(path, { clock });
  const random = () => 0.5;
  // A deadline that never comes: the test's clock would reach it at once.
  const patient = { ...clock, sleep: () => new Promise<never>(() => {}) };
  const tools = { store, clock: patient, random, log };
  const signal = new AbortController().signal;
  const connections: Connection[] = [];
  for (const provider of Object.values(registry)) {
    const adapter = await provider.load();
    const config = provider.config.parse({ mock: { seed: 1, resources, faults: true } });
    // Guarantee: this adapter reads what its own manifest has just parsed.
    connections.push(await adapter.open(config as never, { source: provider.id, log, clock, random }));
  }
  const list = async () => {
    for (const connection of connections) {
      const scopes = await Array.fromAsync(connection.scopes({ signal }));
      const [first] = scopes;
      if (first) await store.registerScopes(first.source, scopes, { interval, at: clock.now() });
      for (const scope of scopes) {
        const generation = await store.nextGeneration(scope.id);
        const list = (call: Call) => connection.list(scope, call);
        await commitListing(tools, await listAcceptDrain(tools, scope, list, { interval }, signal), generation, signal);
      }
    }
  };
  await list();
  return {
    path,
    clock,
    store,
    list,
    async close() {
      for (const connection of connections) await connection.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
