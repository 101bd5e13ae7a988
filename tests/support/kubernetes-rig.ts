import { onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection, Logger } from '#providers/contract.ts';
import { ApiServer, type ApiServerOptions } from '#tests/fakes/kube-apiserver.ts';
import { VirtualClock } from './clock.ts';
import { aNode, aPod, openSource, scratch, silent, type TestContext, until, writeKubeconfig } from './kubernetes.ts';

/** Clusters on the wire and a source that reads them, all gone with the test. */
export interface KubeRig {
  clock: VirtualClock;
  folder: string;
  /** An API server with one node and one pod. */
  serve(options?: ApiServerOptions): Promise<ApiServer>;
  open(contexts: readonly TestContext[], config?: object, log?: Logger): Promise<Connection>;
  /** Discovers while short waits pass. */
  discover(connection: Connection): Promise<{ scopes: Scope[]; error: unknown }>;
}

export async function kubeRig(): Promise<KubeRig> {
  const clock = new VirtualClock();
  const { folder, remove } = await scratch();
  onTestFinished(remove);
  return {
    clock,
    folder,
    async serve(options = {}) {
      const api = await ApiServer.start(options);
      onTestFinished(() => api.close());
      api.store.put('nodes', aNode('node-1'));
      api.store.put('pods', aPod(1));
      return api;
    },
    async open(contexts, config = {}, log = silent) {
      const kubeconfig = await writeKubeconfig(folder, contexts);
      const connection = await openSource({ kubeconfig, ...config }, clock, log);
      onTestFinished(() => connection.close());
      return connection;
    },
    async discover(connection) {
      const scopes: Scope[] = [];
      let error: unknown;
      let over = false;
      const read = async () => {
        for await (const scope of connection.scopes({ signal: new AbortController().signal })) scopes.push(scope);
      };
      read()
        .catch((reason: unknown) => {
          error = reason;
        })
        .finally(() => {
          over = true;
        });
      await until(clock, () => over);
      return { scopes, error };
    },
  };
}
