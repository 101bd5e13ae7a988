import type { Environment } from '../../contract.ts';
import type { KubernetesConfig } from '../config.ts';
import type { ClusterSource } from './cluster-source.ts';
import { inCluster } from './in-cluster.ts';
import { kubeconfigClusters } from './kubeconfig.ts';

/** Where a configured source looks for clusters; one line for each way. The SDK of a cloud loads with the first source that needs it. */
export async function clusterSources(config: KubernetesConfig, env: Environment): Promise<ClusterSource[]> {
  const sources: ClusterSource[] = [];
  const { kubeconfig, eks, gke, aks } = config;
  if (kubeconfig !== undefined) sources.push(kubeconfigClusters({ ...config, kubeconfig }, env));
  if (config.inCluster) sources.push(inCluster(config, env));
  if (eks) sources.push((await import('./eks.ts')).eksClusters(eks, env));
  if (gke) sources.push((await import('./gke.ts')).gkeClusters(gke, env));
  if (aks) sources.push((await import('./aks.ts')).aksClusters(aks, env));
  return sources;
}
