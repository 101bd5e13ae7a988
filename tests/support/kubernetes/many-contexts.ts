import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import { Sync } from '#lib/sync/sync.ts';
import { kubernetes } from '#providers/kubernetes/index.ts';
import { BlackHole } from '#tests/fakes/black-hole.ts';
import { ApiServer } from '#tests/fakes/kube-apiserver.ts';
import { silentLogger } from '#tests/support/log.ts';
import { intercept } from '../sync-bench.ts';
import { aNode, aPod, kubeconfigText, scratch, type TestContext } from './kubernetes.ts';

export interface ManyContexts {
  /** Milliseconds from the start until each live cluster's pods were committed, in order. */
  rows: number[];
  /** Connections that were open at once at most, established watches left out. */
  connections: number;
  /** Whether the discovery was still under way when the last live cluster had its rows. */
  discovering: boolean;
  /** Scopes that say that their cluster is out of reach, at the end. */
  unreachable: number;
}

/**
 * Collects, in real time, one kubeconfig of live and dead contexts into a new store until all live ones have their rows. A third of the
 * dead refuse the connection, a third take it and never begin TLS, a third take it and never answer. The dead come first.
 */
export async function collectManyContexts(live: number, dead: number, pods: number): Promise<ManyContexts> {
  const { folder, remove } = await scratch();
  const stop: (() => Promise<unknown>)[] = [remove];
  let connections = 0;
  const servers: ApiServer[] = [];
  try {
    const sockets = new Set<Socket>();
    const opened = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      sockets.add(socket);
      for (const other of sockets) if (other.destroyed) sockets.delete(other);
      const watches = servers.reduce((sum, api) => sum + api.watching('pods') + api.watching('nodes'), 0);
      connections = Math.max(connections, sockets.size - watches);
    };
    // Every socket that this process opens, from its first packet on.
    subscribe('net.client.socket', opened);
    stop.push(async () => unsubscribe('net.client.socket', opened));
    const hole = await BlackHole.start();
    stop.push(() => hole.close());
    for (let i = 0; i < live; i++) {
      const api = await ApiServer.start({ uid: `uid-${i}` });
      stop.push(() => api.close());
      servers.push(api);
      api.store.put('nodes', aNode('node-1'));
      for (let n = 0; n < pods; n++) api.store.put('pods', aPod(i * pods + n));
    }
    const contexts: TestContext[] = Array.from({ length: dead }, (_, i) => ({
      name: `dead-${i}`,
      server: `${['https://127.0.0.1:1', `https://127.0.0.1:${hole.port}`, `http://127.0.0.1:${hole.port}`][i % 3]}/${i}`,
    }));
    for (const [i, api] of servers.entries()) contexts.push({ name: `live-${i}`, server: api.url });
    const kubeconfig = path.join(folder, 'config');
    await writeFile(kubeconfig, kubeconfigText(contexts));

    const file = path.join(folder, 'muster.db');
    const store = await openWriteStore(file, { clock: systemClock });
    stop.push(() => store.close());
    const read = await openReadStore(file);
    stop.push(() => read.close());
    const began = performance.now();
    const rows: number[] = [];
    let all: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      all = resolve;
    });
    let discovering = true;
    const sync = new Sync({
      store: intercept(store, {
        commit: async (...args) => {
          const result = await store.commit(...args);
          const [{ complete, scope }] = args;
          if (complete && scope.part === 'pods' && rows.push(performance.now() - began) === live) all();
          return result;
        },
      }),
      clock: systemClock,
      random: Math.random,
      log: {
        ...silentLogger,
        debug(event) {
          if (event === 'source.discovered') discovering = false;
        },
      },
      sources: [
        {
          id: 'kube',
          provider: kubernetes,
          interval: 300_000,
          discovery: 1_800_000,
          open: async (env) =>
            (await kubernetes.load()).open(kubernetes.config.parse({ kubeconfig, timeout: 20 }), env),
        },
      ],
    });
    stop.push(() => sync.stop());
    await sync.start();
    await done;
    const last = discovering;
    return {
      rows,
      connections,
      discovering: last,
      unreachable: (await read.scopes()).filter(({ state }) => state === 'unreachable').length,
    };
  } finally {
    for (const end of stop.reverse()) await end();
  }
}
