import type { Environment } from '#providers/contract.ts';
import { httpClient } from '../client/client-http.ts';
import type { KubernetesConfig } from '../config.ts';
import { foundMembers, type Members } from './members.ts';
import { clusterSources } from './sources.ts';

/** The clusters of a configured source, none of them connected to yet. */
export async function openClusters(config: KubernetesConfig, env: Environment): Promise<Members> {
  return foundMembers(
    await clusterSources(config, env),
    (cluster) =>
      httpClient({
        context: cluster.id,
        name: cluster.name,
        server: cluster.server,
        insecure: cluster.insecure,
        credentials: cluster.credentials,
        clock: env.clock,
        timeoutMs: config.timeout * 1000,
      }),
    env,
  );
}
