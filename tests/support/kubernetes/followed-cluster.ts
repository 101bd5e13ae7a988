import path from 'node:path';
import type { Resource } from '#lib/model/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore, openWriteStore, type ReadStore } from '#lib/store/index.ts';
import { Sync } from '#lib/sync/sync.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import { silentLogger } from '#tests/support/log.ts';
import { intercept } from '../sync-bench.ts';
import { list, scopesOf, scratch, writeKubeconfig } from './kubernetes.ts';
import type { RealApiServer } from './real-apiserver.ts';
import { realContext } from './real-cluster.ts';

/** A cluster that a collector follows, in real time and over its own store. */
export interface FollowedCluster {
  /** As the sources name it. */
  readonly source: string;
  readonly read: ReadStore;
  /** Complete listings of pods that were committed. */
  listings(): number;
  /** Resolves when the store holds what `holds` asks for; it is asked after every write. */
  until(holds: () => Promise<boolean>): Promise<void>;
  /** All rows with their details. */
  rows(): Promise<Map<string, Resource>>;
  /** All rows as a new connection lists them. */
  listedAnew(): Promise<{ rows: Map<string, Resource>; unknown: ReadonlyMap<string, readonly string[]> }>;
  stop(): Promise<void>;
}

const SOURCE = 'kube';

export async function followCluster(api: RealApiServer): Promise<FollowedCluster> {
  const { folder, remove } = await scratch();
  const kubeconfig = await writeKubeconfig(folder, [realContext(api, api.tokens.reader)]);
  const file = path.join(folder, 'muster.db');
  const store = await openWriteStore(file, { clock: systemClock });
  const read = await openReadStore(file);
  let listings = 0;
  let written = Promise.withResolvers<void>();
  const wrote = () => {
    written.resolve();
    written = Promise.withResolvers();
  };
  const config = kubernetes.config.parse({ kubeconfig, timeout: 20 });
  const adapter = await kubernetes.load();
  const sync = new Sync({
    store: intercept(store, {
      async commit(...args) {
        const result = await store.commit(...args);
        const [{ complete, scope }] = args;
        if (complete && scope.part === 'pods') listings++;
        wrote();
        return result;
      },
      async apply(...args) {
        const result = await store.apply(...args);
        wrote();
        return result;
      },
    }),
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    sources: [
      {
        id: SOURCE,
        provider: kubernetes,
        interval: 300_000,
        discovery: 1_800_000,
        open: async (env) => adapter.open(config, env),
      },
    ],
  });
  await sync.start();
  return {
    source: SOURCE,
    read,
    listings: () => listings,
    async until(holds) {
      for (;;) {
        const next = written.promise;
        if (await holds()) return;
        await next;
      }
    },
    async rows() {
      const rows = new Map<string, Resource>();
      for await (const chunk of read.scan(500))
        for (const { resource } of chunk) {
          const whole = await read.resource(resource.uid);
          rows.set(resource.uid, { ...resource, raw: whole?.raw ?? null });
        }
      return rows;
    },
    async listedAnew() {
      const connection = await adapter.open(config, {
        source: SOURCE,
        clock: systemClock,
        random: Math.random,
        log: silentLogger,
      });
      try {
        const rows = new Map<string, Resource>();
        const unknown = new Map<string, readonly string[]>();
        for (const scope of await scopesOf(connection)) {
          const listing = await list(connection, scope);
          if (!listing.complete) throw new Error(`${scope.label}: ${listing.reason.message}`);
          for (const [uid, row] of listing.resources) rows.set(uid, row);
          for (const [uid, fields] of listing.unknown) unknown.set(uid, fields);
        }
        return { rows, unknown };
      } finally {
        await connection.close();
      }
    },
    async stop() {
      await sync.stop();
      await read.close();
      await store.close();
      await remove();
    },
  };
}
