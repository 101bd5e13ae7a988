import { type Environment, ProviderError } from '../../contract.ts';
import { serverProblem } from '../client/address.ts';
import { credentialSource } from '../client/client-credentials.ts';
import { applyRules } from '../client/credential-rules.ts';
import type { KubeContext } from '../client/kubeconfig.ts';
import type { KubernetesConfig } from '../config.ts';
import { type FoundCluster, revisionOf } from './cluster-source.ts';

/** The kubeconfig that a context stands in, and the folder whose files it may name: its own by default, null for none. */
export interface ContextFile {
  file: string;
  home?: string | null;
}

/** A context as a cluster: held against the rules before anything of it is read, resolved, run or connected to. */
export async function contextCluster(
  context: KubeContext,
  named: Pick<FoundCluster, 'id' | 'name' | 'labels'>,
  config: KubernetesConfig,
  env: Environment,
  place: ContextFile,
): Promise<FoundCluster> {
  const refused = (problems: readonly string[]): FoundCluster => ({
    ...named,
    problem: new ProviderError('config', `cluster ${named.name}`, [...new Set(problems)].join('; ')),
  });
  const insecure = [context.name, named.id].some((name) => config.insecureContexts?.includes(name));
  const result = await applyRules(context, {
    ...place,
    allowFiles: config.allowFiles ?? [],
    allowCommands: config.allowCommands ?? [],
    insecureContexts: insecure ? [context.name] : [],
  });
  if ('problems' in result) return refused(result.problems);
  const server = (config.endpoint ?? context.cluster.cluster.server).replace(/\/+$/, '');
  const problem = serverProblem(server, insecure);
  if (problem) return refused([`endpoint: ${problem}`]);
  const { allowed } = result;
  const timeoutMs = config.timeout * 1000;
  return {
    ...named,
    server,
    insecure,
    // Without names: contexts that differ in namespace only are one.
    revision: revisionOf([server, context.cluster.cluster, context.user?.user, allowed]),
    credentials: credentialSource(context, server, allowed, { clock: env.clock, timeoutMs }),
  };
}
