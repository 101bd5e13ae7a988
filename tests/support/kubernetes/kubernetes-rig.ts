import { onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection, Logger } from '#providers/contract.ts';
import { ApiServer, type ApiServerOptions } from '#tests/fakes/kube-apiserver.ts';
import { silentLogger } from '#tests/support/log.ts';
import { VirtualClock } from '../clock.ts';
import { aNode, aPod, openSource, scratch, type TestContext, until, writeKubeconfig } from './kubernetes.ts';

/** Clusters on the wire and a source that reads them, all gone with the test. */
export interface KubeRig {
  clock: VirtualClock;
  folder: string;
  /** An API server with one node and one pod. */
  serve(options?: ApiServerOptions): Promise<ApiServer>;
  open(contexts: readonly TestContext[], config?: object, log?: Logger): Promise<Connection>;
  /** A source of these keys. */
  source(config: object, log?: Logger): Promise<Connection>;
  /** Discovers while short waits pass: what can be listed, what could not be identified and why, what ended it. */
  discover(
    connection: Connection,
    known?: readonly Scope[],
  ): Promise<{ scopes: Scope[]; dead: Dead[]; error: unknown }>;
}

/** A cluster that was found and has not said who it is. */
export interface Dead {
  name: string;
  /** What the listing of its scope throws. */
  error: unknown;
}

export async function kubeRig(): Promise<KubeRig> {
  const clock = new VirtualClock();
  const { folder, remove } = await scratch();
  onTestFinished(remove);
  const source: KubeRig['source'] = async (config, log = silentLogger) => {
    const connection = await openSource(config, clock, log);
    onTestFinished(() => connection.close());
    return connection;
  };
  return {
    source,
    clock,
    folder,
    async serve(options = {}) {
      const api = await ApiServer.start(options);
      onTestFinished(() => api.close());
      api.store.put('nodes', aNode('node-1'));
      api.store.put('pods', aPod(1));
      return api;
    },
    async open(contexts, config = {}, log = silentLogger) {
      const kubeconfig = await writeKubeconfig(folder, contexts);
      return source({ kubeconfig, ...config }, log);
    },
    async discover(connection, known = []) {
      const scopes: Scope[] = [];
      const dead: Dead[] = [];
      let error: unknown;
      let over = false;
      const call = { signal: new AbortController().signal };
      const read = async () => {
        for await (const scope of connection.scopes({ ...call, known })) {
          if (scope.part !== 'discovery') scopes.push(scope);
          else dead.push({ name: scope.label, error: await failureOf(connection.list(scope, call)) });
        }
      };
      read()
        .catch((reason: unknown) => {
          error = reason;
        })
        .finally(() => {
          over = true;
        });
      await until(clock, () => over);
      return { scopes, dead, error };
    },
  };
}

async function failureOf(batches: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _ of batches);
    return null;
  } catch (error) {
    return error;
  }
}
