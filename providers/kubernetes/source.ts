import { type Environment, ProviderError } from '../contract.ts';
import { serverProblem } from './address.ts';
import type { ClusterClient } from './client.ts';
import { httpClient } from './client-http.ts';
import type { KubernetesConfig } from './config.ts';
import { applyRules } from './credential-rules.ts';
import { type KubeContext, KubeconfigProblem, parseKubeconfig, readKubeconfig } from './kubeconfig.ts';

// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The clusters of a source. Every context is held against the rules before the first one is connected to.
 * @throws ProviderError `config` with every problem, by the names of users, clusters and fields
 */
export async function openClusters(config: KubernetesConfig, env: Environment): Promise<ClusterClient[]> {
  const file = config.inCluster ? `${SERVICE_ACCOUNT}/kubeconfig` : (config.kubeconfig ?? '');
  const contexts = config.inCluster ? [ownCluster()] : chosen(await contextsOf(file, env), config, env);
  const problems: string[] = [];
  const clients: ClusterClient[] = [];
  const { credentialSource } = await import('./client-credentials.ts');
  for (const context of contexts) {
    const result = await applyRules(context, {
      file,
      allowFiles: config.allowFiles ?? [],
      allowCommands: config.allowCommands ?? [],
      insecureContexts: config.insecureContexts ?? [],
    });
    if ('problems' in result) {
      problems.push(...result.problems);
      continue;
    }
    const server = (config.endpoint ?? context.cluster.cluster.server).replace(/\/+$/, '');
    const problem = serverProblem(server, result.allowed.insecure);
    if (problem) problems.push(`endpoint: ${problem}`);
    clients.push(
      httpClient({
        context: context.name,
        name: config.names?.[context.name] ?? context.name,
        server,
        insecure: result.allowed.insecure,
        credentials: credentialSource(context, server, result.allowed, {
          clock: env.clock,
          timeoutMs: config.timeout * 1000,
        }),
        clock: env.clock,
        timeoutMs: config.timeout * 1000,
      }),
    );
  }
  if (problems.length > 0) throw new ProviderError('config', env.source, [...new Set(problems)].join('; '));
  return clients;
}

async function contextsOf(file: string, env: Environment): Promise<KubeContext[]> {
  try {
    return parseKubeconfig(await readKubeconfig(file));
  } catch (error) {
    if (!(error instanceof KubeconfigProblem)) throw error;
    throw new ProviderError('config', env.source, `kubeconfig: ${error.message}`);
  }
}

/** The contexts that the operator names; else one for each cluster of the file, the current one where several lead to it. */
function chosen(contexts: readonly KubeContext[], config: KubernetesConfig, env: Environment): KubeContext[] {
  const wanted = config.contexts;
  if (wanted) {
    const missing = wanted.filter((name) => !contexts.some((context) => context.name === name));
    if (missing.length > 0)
      throw new ProviderError('config', env.source, `kubeconfig: it has no context ${missing.slice(0, 5).join(', ')}`);
    return contexts.filter((context) => wanted.includes(context.name));
  }
  const byServer = new Map<string, KubeContext>();
  for (const context of contexts) {
    const { server } = context.cluster.cluster;
    if (context.current || !byServer.has(server)) byServer.set(server, context);
  }
  if (byServer.size === 0) throw new ProviderError('config', env.source, 'kubeconfig: it has no contexts');
  return [...byServer.values()];
}

/** As the service account of the pod: its token is read again as it rotates. The name is in every API server's certificate. */
function ownCluster(): KubeContext {
  const cluster = {
    server: 'https://kubernetes.default.svc',
    'certificate-authority': `${SERVICE_ACCOUNT}/ca.crt`,
  };
  return {
    name: 'in-cluster',
    cluster: { name: 'in-cluster', cluster },
    user: { name: 'service account', user: { tokenFile: `${SERVICE_ACCOUNT}/token` } },
    current: true,
  };
}
