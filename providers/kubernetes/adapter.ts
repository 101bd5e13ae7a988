import { type Scope, scopeId } from '#lib/model/index.ts';
import { type Adapter, type Connection, type Environment, ProviderError } from '../contract.ts';
import type { ClusterClient } from './client.ts';
import type { KubernetesConfig } from './config.ts';
import { createDirectory } from './directory.ts';
import { startListing } from './listing.ts';
import type { Part } from './map.ts';
import { checkPermissions } from './permissions.ts';
import { watchScope } from './watch.ts';

/** The contract over any cluster clients, real or mock. */
export function connect(clients: readonly ClusterClient[], env: Environment): Connection {
  const directory = createDirectory(clients, env);
  const reading = (scope: Scope) => {
    const known = directory.get(scope.account);
    if (!known)
      throw new ProviderError('config', scope.label, 'the cluster is not known; it was not discovered by this source');
    const { client, lookups } = known;
    const place = { source: env.source, scope: scope.id, cluster: scope.account, clusterName: client.name };
    return { client, lookups, env, place, part: partOf(scope) };
  };

  return {
    async *scopes(call) {
      for await (const { client, uid } of directory.discover(call))
        for (const part of ['nodes', 'pods'] as const)
          yield {
            id: scopeId(env.source, uid, null, part),
            provider: 'kubernetes',
            source: env.source,
            account: uid,
            region: null,
            part,
            kind: part === 'pods' ? 'container' : 'host',
            label: `${client.name} ${part}${client.insecure ? ' (certificate not verified)' : ''}`,
          };
    },
    async *list(scope, call) {
      yield* startListing(reading(scope), call).batches;
    },
    async *watch(scope, call) {
      yield* watchScope(reading(scope), call);
    },
    permissions: (call) => checkPermissions(clients, call),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

function partOf(scope: Scope): Part {
  if (scope.part === 'pods' || scope.part === 'nodes') return scope.part;
  throw new ProviderError('config', scope.label, `${scope.part} is not listed by this provider`);
}

export const adapter: Adapter<KubernetesConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClients } = await import('./mock.ts');
      return connect(mockClients(config.mock, env), env);
    }
    const { openClusters } = await import('./source.ts');
    return connect(await openClusters(config, env), env);
  },
};
