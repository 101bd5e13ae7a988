import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { asRecord } from '#providers/kit/read.ts';

const MAX_BYTES = 1024 * 1024;
const text = z.string().max(256 * 1024);
const name = z.string().min(1).max(1000);

const clusterSchema = z.object({
  name,
  cluster: z
    .object({
      server: text.optional(),
      'certificate-authority-data': text.optional(),
      'certificate-authority': text.optional(),
      'insecure-skip-tls-verify': z.boolean().optional(),
      'tls-server-name': text.optional(),
      'proxy-url': text.optional(),
      'disable-compression': z.boolean().optional(),
      extensions: z
        .array(z.object({ name, extension: z.unknown() }))
        .max(100)
        .optional(),
    })
    .optional(),
});

const execSchema = z.object({
  apiVersion: text.optional(),
  command: text,
  args: z.array(text).max(100).optional(),
  env: z
    .array(z.object({ name: text, value: text }))
    .max(100)
    .optional(),
  provideClusterInfo: z.boolean().optional(),
});

const userSchema = z.object({
  name,
  user: z
    .object({
      token: text.optional(),
      tokenFile: text.optional(),
      'token-file': text.optional(),
      'client-certificate-data': text.optional(),
      'client-certificate': text.optional(),
      'client-key-data': text.optional(),
      'client-key': text.optional(),
      username: text.optional(),
      password: text.optional(),
      as: text.optional(),
      exec: execSchema.optional(),
      'auth-provider': z.object({ name: text.optional(), config: z.looseObject({}).optional() }).nullish(),
    })
    .optional(),
});

const kubeconfigSchema = z.object({
  clusters: z.array(clusterSchema).max(1000).optional(),
  users: z.array(userSchema).max(1000).optional(),
  contexts: z
    .array(z.object({ name, context: z.object({ cluster: text.optional(), user: text.optional() }).optional() }))
    .max(5000)
    .optional(),
  'current-context': text.optional(),
});

type Cluster = NonNullable<z.infer<typeof clusterSchema>['cluster']> & { server: string };
type KubeconfigUser = z.infer<typeof userSchema>;

/** One context with what it names, as written; nothing in it was read, resolved or run. */
export interface KubeContext {
  name: string;
  cluster: { name: string; cluster: Cluster };
  user: KubeconfigUser | null;
  current: boolean;
}

/** A context that names what the file does not have. As with kubectl, it fails alone. */
export interface BrokenContext {
  name: string;
  current: boolean;
  problem: string;
}

/** A kubeconfig that is refused; the message names place and expectation, never a value. */
export class KubeconfigProblem extends Error {
  override readonly name = 'KubeconfigProblem';
}

/** @throws KubeconfigProblem where there is no such file, or a larger one than any kubeconfig */
export async function readKubeconfig(file: string): Promise<string> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(file);
  } catch {
    throw new KubeconfigProblem('the file cannot be found or read');
  }
  if (!found.isFile()) throw new KubeconfigProblem('expected a file');
  if (found.size > MAX_BYTES) throw new KubeconfigProblem(`expected at most ${MAX_BYTES} bytes`);
  return readFile(file, 'utf8').catch(() => {
    throw new KubeconfigProblem('the file cannot be read');
  });
}

/**
 * The contexts of a kubeconfig (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/), in its order. YAML is bounded:
 * a megabyte, no aliases, no key twice.
 * @throws KubeconfigProblem where the file as a whole is none
 */
export function parseKubeconfig(source: string): (KubeContext | BrokenContext)[] {
  const parsed = kubeconfigSchema.safeParse(plainYaml(source));
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new KubeconfigProblem(problems.join('; '));
  }
  const clusters = byName(parsed.data.clusters ?? [], 'clusters');
  const users = byName(parsed.data.users ?? [], 'users');
  const contexts = byName(parsed.data.contexts ?? [], 'contexts');
  return [...contexts.values()].map(({ name, context }) => {
    const current = name === parsed.data['current-context'];
    const broken = (problem: string): BrokenContext => ({ name, current, problem: `context ${name}: ${problem}` });
    if (!context?.cluster) return broken('it names no cluster');
    const cluster = clusters.get(context.cluster);
    const user = context.user ? users.get(context.user) : null;
    if (!cluster) return broken('its cluster is not in the file');
    if (user === undefined) return broken('its user is not in the file');
    const server = cluster.cluster?.server;
    if (!server) return broken(`its cluster ${cluster.name} has no server`);
    return { name, current, cluster: { name: cluster.name, cluster: { ...cluster.cluster, server } }, user };
  });
}

function plainYaml(source: string): unknown {
  if (Buffer.byteLength(source) > MAX_BYTES) throw new KubeconfigProblem(`expected at most ${MAX_BYTES} bytes`);
  try {
    // No pretty errors: they quote the lines around a mistake, and those hold credentials.
    const document = parseDocument(source, { prettyErrors: false, uniqueKeys: true, logLevel: 'silent' });
    const error = document.errors[0];
    if (error) throw new KubeconfigProblem(`YAML is not well-formed (${error.code}, at character ${error.pos[0]})`);
    return withoutNulls(document.toJS({ maxAliasCount: 0 }));
  } catch (error) {
    if (error instanceof KubeconfigProblem) throw error;
    throw new KubeconfigProblem('YAML is nested too deep or uses aliases, which no kubeconfig needs');
  }
}

/** To kubectl, as to all of Go, a field that is null is one that is not there; what is in an extension is not kubectl's. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  const object = asRecord(value);
  if (object === null) return value;
  const present = Object.entries(object).filter(([, inner]) => inner !== null);
  return Object.fromEntries(present.map(([key, inner]) => [key, key === 'extension' ? inner : withoutNulls(inner)]));
}

function byName<T extends { name: string }>(entries: readonly T[], list: string): Map<string, T> {
  const found = new Map<string, T>();
  for (const entry of entries) {
    if (found.has(entry.name)) throw new KubeconfigProblem(`${list}: a name stands twice`);
    found.set(entry.name, entry);
  }
  return found;
}
