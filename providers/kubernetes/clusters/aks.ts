import { openAks } from '#providers/clouds/azure/client-aks.ts';
import type { AzureAccessOptions } from '#providers/clouds/azure/options.ts';
import { type Environment, ProviderError } from '../../contract.ts';
import { type CachedToken, cachedToken } from './cached-token.ts';
import { type ClusterSource, cloudCluster } from './cluster-source.ts';

/** The AKS clusters of subscriptions, named or found. */
export function aksClusters(options: AzureAccessOptions, env: Environment): ClusterSource {
  const aks = openAks(options, env);
  // One credential, one audience: the same token is good for all of them.
  let held: CachedToken | null = null;
  return {
    name: 'aks',
    async *discover(call) {
      for await (const cluster of aks.clusters(call)) {
        const { id, subscription, location, name, endpoint, ca, problem, isPrivate, passing } = cluster;
        const named = { id, name, labels: { account: subscription, region: location } };
        const refused = (why: string) => new ProviderError('network', `cluster ${name}`, why);
        if (problem) yield { ...named, problem, passing };
        else if (endpoint === null) yield { ...named, problem: refused('AKS gave no address for it') };
        else {
          held ??= cachedToken(env.clock, (by) => aks.token(cluster, by));
          const { token, renew } = held;
          const again = () => {
            renew();
            aks.renew();
          };
          const labels = isPrivate ? { ...named.labels, access: 'private' } : named.labels;
          yield cloudCluster({ ...named, labels, server: endpoint, ca, token, renew: again }, refused);
        }
      }
    },
    close: () => aks.close(),
  };
}
