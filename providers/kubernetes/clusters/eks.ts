import { openEks } from '#providers/clouds/aws/client-eks.ts';
import type { AwsAccessOptions } from '#providers/clouds/aws/options.ts';
import { type Environment, ProviderError } from '../../contract.ts';
import { type CachedToken, cachedToken } from './cached-token.ts';
import { type ClusterSource, cloudCluster } from './cluster-source.ts';

/** The EKS clusters of accounts or of an organisation. */
export function eksClusters(options: AwsAccessOptions, env: Environment): ClusterSource {
  const eks = openEks(options, env);
  const tokens = new Map<string, CachedToken>();
  return {
    name: 'eks',
    async *discover(call) {
      for await (const cluster of eks.clusters(call)) {
        const { arn: id, account, region, name, endpoint, ca, status } = cluster;
        const named = { id, name, labels: { account, region } };
        const refused = (why: string) => new ProviderError('network', `cluster ${name}`, why);
        if (endpoint === null) yield { ...named, problem: refused(`has no address: EKS says ${status}`) };
        else {
          const held = tokens.get(id) ?? cachedToken(env.clock, () => eks.token(cluster));
          tokens.set(id, held);
          yield cloudCluster({ ...named, server: endpoint, ca, token: held.token, renew: held.renew }, refused);
        }
      }
    },
    close: () => eks.close(),
  };
}
