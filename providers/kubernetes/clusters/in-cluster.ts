import path from 'node:path';
import type { Environment } from '../../contract.ts';
import type { KubeContext } from '../client/kubeconfig.ts';
import type { KubernetesConfig } from '../config.ts';
import type { ClusterSource } from './cluster-source.ts';
import { contextCluster } from './context.ts';

// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that this process runs in, as the service account of its pod. @param folder where the kubelet puts its token */
export function inCluster(config: KubernetesConfig, env: Environment, folder = SERVICE_ACCOUNT): ClusterSource {
  return {
    name: 'in-cluster',
    async *discover() {
      const context = ownCluster(folder);
      yield contextCluster(context, { id: context.name, name: context.name, labels: {} }, config, env, {
        file: path.join(folder, 'kubeconfig'),
        home: folder,
      });
    },
  };
}

/** The token is read again as the kubelet rotates it. The name is in every API server's certificate. */
function ownCluster(folder: string): KubeContext {
  const cluster = {
    server: 'https://kubernetes.default.svc',
    'certificate-authority': path.join(folder, 'ca.crt'),
  };
  return {
    name: 'in-cluster',
    cluster: { name: 'in-cluster', cluster },
    user: { name: 'service account', user: { tokenFile: path.join(folder, 'token') } },
    current: true,
  };
}
