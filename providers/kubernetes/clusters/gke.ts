import { openGke } from '#providers/clouds/gcp/client-gke.ts';
import type { GcpAccessOptions } from '#providers/clouds/gcp/options.ts';
import { type Environment, ProviderError } from '../../contract.ts';
import { type CachedToken, cachedToken } from './cached-token.ts';
import { type ClusterSource, cloudCluster } from './cluster-source.ts';

/** The GKE clusters of projects, named or found. */
export function gkeClusters(options: GcpAccessOptions, env: Environment): ClusterSource {
  const gke = openGke(options, env);
  const tokens = new Map<string, CachedToken>();
  return {
    name: 'gke',
    async *discover(call) {
      for await (const cluster of gke.clusters(call)) {
        const { project, location, name, endpoint, ca, status } = cluster;
        const id = `projects/${project}/locations/${location}/clusters/${name}`;
        const named = { id, name, labels: { account: project, region: location } };
        const refused = (why: string) => new ProviderError('network', `cluster ${name}`, why);
        if (endpoint === null) yield { ...named, problem: refused(`has no address: GKE says ${status}`) };
        else {
          const held = tokens.get(project) ?? cachedToken(env.clock, (by) => gke.token(cluster, by));
          tokens.set(project, held);
          const renew = () => {
            held.renew();
            gke.renew();
          };
          yield cloudCluster({ ...named, server: endpoint, ca, token: held.token, renew }, refused);
        }
      }
    },
    close: () => gke.close(),
  };
}
