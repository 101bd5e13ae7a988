import type { Environment } from '../../contract.ts';
import type { KubernetesConfig } from '../config.ts';
import type { ClusterSource } from './cluster-source.ts';
import { inCluster } from './in-cluster.ts';
import { kubeconfigClusters } from './kubeconfig.ts';

/** Where a configured source looks for clusters; one line for each way. */
export function clusterSources(config: KubernetesConfig, env: Environment): ClusterSource[] {
  const sources: ClusterSource[] = [];
  const { kubeconfig } = config;
  if (kubeconfig !== undefined) sources.push(kubeconfigClusters({ ...config, kubeconfig }, env));
  if (config.inCluster) sources.push(inCluster(config, env));
  return sources;
}
