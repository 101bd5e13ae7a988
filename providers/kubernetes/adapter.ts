import { type Scope, scopeId } from '#lib/model/index.ts';
import { type Adapter, type Call, type Connection, type Environment, ProviderError } from '../contract.ts';
import type { ClusterClient } from './client.ts';
import type { KubernetesConfig } from './config.ts';
import { createDirectory } from './directory.ts';
import { type Reading, startListing } from './listing.ts';
import type { Part } from './map.ts';
import { checkPermissions } from './permissions.ts';
import { createPlace } from './place.ts';
import { watchScope } from './watch.ts';

/** The contract over any cluster clients, real or mock. */
export function connect(clients: readonly ClusterClient[], env: Environment): Connection {
  const directory = createDirectory(clients, env);
  async function reading(scope: Scope, call: Call): Promise<Reading> {
    const part = partOf(scope);
    const { client, lookups } = await directory.find(scope.account, call);
    const place = createPlace({
      source: env.source,
      scope: scope.id,
      cluster: scope.account,
      clusterName: client.name,
    });
    return { client, lookups, env, place, part };
  }

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
      yield* startListing(await reading(scope, call), call).batches;
    },
    async *watch(scope, call) {
      yield* watchScope((inner) => reading(scope, inner), call);
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
      return connect(mockClients(config.mock, config.contexts, env), env);
    }
    const { openClusters } = await import('./source.ts');
    return connect(await openClusters(config, env), env);
  },
};
