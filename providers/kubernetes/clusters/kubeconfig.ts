import { type Environment, ProviderError } from '../../contract.ts';
import { type BrokenContext, type KubeContext, KubeconfigProblem, parseKubeconfig } from '../client/kubeconfig.ts';
import type { KubernetesConfig } from '../config.ts';
import { type ClusterSource, type FoundCluster, revisionOf } from './cluster-source.ts';
import { contextCluster } from './context.ts';
import { type ReadFile, readKubeconfigs } from './kubeconfig-files.ts';

/** In one source; more is no list of clusters but a mistake. */
const MAX_CONTEXTS = 5000;

/** What a file said when it could last be understood. */
interface Known extends ReadFile {
  text: string;
  contexts: (KubeContext | BrokenContext)[];
}

/**
 * The contexts of a kubeconfig, or of every kubeconfig of a folder, read again at each discovery. A file that is broken is named, and
 * keeps the contexts that it had: files are read while they are written. One that is removed has none any more.
 */
export function kubeconfigClusters(config: KubernetesConfig & { kubeconfig: string }, env: Environment): ClusterSource {
  let known = new Map<string, Known>();
  return {
    name: 'kubeconfig',
    async *discover(call) {
      const read = new Map<string, Known>();
      const problems: ProviderError[] = [];
      const broken: FoundCluster[] = [];
      try {
        for await (const one of readKubeconfigs(config.kubeconfig, env.source, call)) {
          const before = known.get(one.file);
          const result = understood(one, before);
          if (!(result instanceof KubeconfigProblem)) read.set(one.file, result);
          else {
            const problem = new ProviderError('config', env.source, `kubeconfig ${one.name}: ${result.message}`);
            problems.push(problem);
            if (before) read.set(one.file, before);
            else broken.push({ id: `file ${one.name}`, name: one.name, labels: {}, problem });
          }
        }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        problems.push(error);
        // A folder that is not mounted just now: nothing of what it held is known to be gone.
        for (const [file, before] of known) if (!read.has(file)) read.set(file, before);
      }
      known = read;
      const { chosen, missing } = choose([...read.values()], config.contexts, config.names);
      for (const { context, file, folder, named } of chosen.slice(0, MAX_CONTEXTS))
        yield 'problem' in context
          ? { ...named, problem: new ProviderError('config', `cluster ${named.name}`, context.problem) }
          : await contextCluster(context, named, config, env, { file, ...(folder ? { home: null } : {}) });
      yield* broken;
      const report = (text: string) => problems.push(new ProviderError('config', env.source, `kubeconfig: ${text}`));
      if (chosen.length > MAX_CONTEXTS) report(`expected at most ${MAX_CONTEXTS} contexts; the others are left out`);
      if (missing.length > 0) report(`it has no context ${missing.slice(0, 5).join(', ')}`);
      // Also of a folder: one that is not mounted is empty, and proves nothing.
      else if (chosen.length === 0 && problems.length === 0) report('it has no contexts');
      const [first, ...more] = problems;
      if (first && more.length === 0) throw first;
      if (first) throw new ProviderError('config', env.source, problems.map(withoutPlace(env.source)).join('; '));
    },
  };
}

const withoutPlace = (source: string) => (problem: ProviderError) => problem.message.replace(`${source}: `, '');

function understood(one: ReadFile, before: Known | undefined): Known | KubeconfigProblem {
  const { text } = one;
  if (text instanceof KubeconfigProblem) return text;
  if (before?.text === text) return before;
  try {
    return { ...one, text, contexts: parseKubeconfig(text) };
  } catch (error) {
    if (error instanceof KubeconfigProblem) return error;
    throw error;
  }
}

interface Chosen {
  context: KubeContext | BrokenContext;
  file: string;
  folder: boolean;
  named: Pick<FoundCluster, 'id' | 'name' | 'labels'>;
}

/**
 * The contexts that the operator names, each by its name or as `<file>:<context>`; else all of them, those that differ in
 * their namespace only once, the current one first. A name that several files use has its file in front.
 */
function choose(
  files: readonly Known[],
  wanted: readonly string[] | undefined,
  names: Readonly<Record<string, string>> | undefined,
): { chosen: Chosen[]; missing: string[] } {
  const uses = new Map<string, number>();
  for (const { contexts } of files) for (const { name } of contexts) uses.set(name, (uses.get(name) ?? 0) + 1);
  const left = new Set(wanted);
  const chosen: Chosen[] = [];
  for (const { contexts, file, folder, name: fileName } of files) {
    const seen = new Set<string>();
    for (const context of contexts.toSorted((a, b) => Number(b.current) - Number(a.current))) {
      const long = `${fileName}:${context.name}`;
      if (wanted) {
        const hit = [context.name, long].filter((name) => wanted.includes(name));
        for (const name of hit) left.delete(name);
        if (hit.length === 0) continue;
      } else if (!('problem' in context)) {
        const leads = revisionOf([context.cluster.cluster, context.user?.user]);
        if (seen.has(leads)) continue;
        seen.add(leads);
      }
      const name = names?.[long] ?? names?.[context.name] ?? ((uses.get(context.name) ?? 0) > 1 ? long : context.name);
      const labels: Record<string, string> = folder ? { file: fileName } : {};
      chosen.push({ context, file, folder, named: { id: folder ? long : context.name, name, labels } });
    }
  }
  return { chosen, missing: [...left] };
}
