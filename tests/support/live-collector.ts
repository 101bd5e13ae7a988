import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownMachine } from '#lib/collector/own-machine.ts';
import type { Resource, ScopeStatus } from '#lib/model/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import { Sync } from '#lib/sync/sync.ts';
import type { Provider } from '#providers/contract.ts';
import { silentLogger } from '#tests/support/log.ts';
import { intercept } from './sync-bench.ts';

/** One source, collected in real time into a store of its own. */
export interface LiveCollector {
  /** By part. */
  scopes(): Promise<Record<string, ScopeStatus>>;
  /** Live rows by name. */
  rows(): Promise<Map<string, Omit<Resource, 'raw'>>>;
  stop(): Promise<void>;
}

/** @param committed told of each row that was listed or put, once it is in the store */
export async function collectLive(
  provider: Provider,
  config: object,
  committed: (row: Resource) => void = () => undefined,
): Promise<LiveCollector> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-live-'));
  const file = path.join(folder, 'muster.db');
  const store = await openWriteStore(file, { clock: systemClock });
  const read = await openReadStore(file);
  const sync = new Sync({
    store: intercept(store, {
      commit: async (...args) => {
        const result = await store.commit(...args);
        for (const row of args[0].resources.values()) committed(row);
        return result;
      },
      apply: async (...args) => {
        const result = await store.apply(...args);
        for (const { resources } of args[1]) for (const row of resources) committed(row);
        return result;
      },
    }),
    clock: systemClock,
    machine: ownMachine,
    random: Math.random,
    log: silentLogger,
    sources: [
      {
        id: 'live',
        provider,
        interval: 300_000,
        discovery: 1_800_000,
        open: async (env) => (await provider.load()).open(provider.config.parse(config), env),
      },
    ],
  });
  await sync.start();
  return {
    scopes: async () => Object.fromEntries((await read.scopes()).map((scope) => [scope.part, scope])),
    async rows() {
      const rows = new Map<string, Omit<Resource, 'raw'>>();
      for await (const chunk of read.scan(1000)) for (const { resource } of chunk) rows.set(resource.name, resource);
      return rows;
    },
    async stop() {
      await sync.stop();
      await read.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
