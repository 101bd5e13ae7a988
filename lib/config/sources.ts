import { z } from 'zod';
import type { Connection, Environment, Provider } from '#providers/contract.ts';
import { duration } from './duration.ts';
import { ConfigError, type Problem } from './environment.ts';
import { expectation } from './expectation.ts';
import { placeholders } from './placeholder.ts';
import { understood } from './understood.ts';
import { type Path, parseYaml } from './yaml-file.ts';

export type Providers = Readonly<Record<string, Provider>>;

/** One configured connection to a provider, checked; its own keys are held where only its adapter gets them. */
export interface ConfiguredSource {
  id: string;
  provider: Provider;
  /** True where the seeded fleet stands in for the cloud. */
  mock: boolean;
  /** Milliseconds between two listings of a scope. */
  interval: number;
  /** Milliseconds between two discoveries of scopes. */
  discovery: number;
  /** What its own keys said, one line each, without secrets. */
  understood: readonly string[];
  open(env: Environment): Promise<Connection>;
}

export interface Configuration {
  sources: readonly ConfiguredSource[];
  /** For how long changes are kept, in milliseconds. */
  history: number;
  /** True where no file was found and the demo fleet stands in. */
  demo: boolean;
}

const LIVE = { interval: 5 * 60_000, discovery: 30 * 60_000 };
const MOCK = { interval: 30_000, discovery: 5 * 60_000 };
const HISTORY = 30 * 86_400_000;

/** What every source has besides the keys of its provider. */
export const sourceSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes, at most 63')
    .describe('Name of the source: part of its addresses on the page, so it should stay'),
  provider: z.string().describe('Which kind of system it is'),
  interval: duration('10s', '24h')
    .optional()
    .describe('Time between two listings; default 5m, 30s for a mock')
    .meta({ example: '5m' }),
  discovery: duration('10s', '24h')
    .optional()
    .describe('Time between two searches for accounts, regions and clusters; default 30m, 5m for a mock')
    .meta({ example: '30m' }),
});
const OWN_KEYS = Object.keys(sourceSchema.shape);

export const historySchema = z.strictObject({
  keep: duration('1h', '3650d').default(HISTORY).describe('How long changes are kept').meta({ example: '30d' }),
});

const fileSchema = z.strictObject({
  sources: z.array(z.record(z.string(), z.unknown())).min(1, 'at least one source'),
  history: historySchema.default({ keep: HISTORY }),
});

function open<C>(provider: Provider<C>, config: C): ConfiguredSource['open'] {
  return async (env) => (await provider.load()).open(config, env);
}

/**
 * Reads a configuration file.
 * @param place how problems call the file
 * @throws ConfigError with every problem once
 */
export function readSources(text: string, place: string, providers: Providers): Configuration {
  const file = parseYaml(text, place);
  const problems: Problem[] = [];
  const add = (path: Path, expected: string) => {
    const key = path.length === 0 ? '(file)' : keyOf(path);
    if (problems.some((problem) => problem.key === key)) return;
    const at = file.at(path);
    problems.push({ key, expected, ...(at ? { at } : {}) });
  };
  const addIssues = (issues: readonly z.core.$ZodIssue[], before: Path = []) => {
    for (const issue of issues)
      for (const { path, expected } of expectation(issue)) add([...before, ...path], expected);
  };

  for (const path of placeholders(file.value)) add(path, 'a value of yours instead of a placeholder');
  const parsed = fileSchema.safeParse(file.value);
  addIssues(parsed.error?.issues ?? []);

  const sources: ConfiguredSource[] = [];
  const ids = new Set<string>();
  const raw = (file.value as { sources?: unknown } | null)?.sources;
  for (const [index, keys] of (Array.isArray(raw) ? raw : []).entries()) {
    const path = ['sources', index];
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) continue;
    const head = sourceSchema.safeParse(keys);
    addIssues(head.error?.issues ?? [], path);
    const id: unknown = keys.id;
    if (typeof id === 'string' && ids.has(id)) add([...path, 'id'], 'an id that no other source has');
    if (typeof id === 'string') ids.add(id);
    const provider = typeof keys.provider === 'string' ? own(providers, keys.provider) : undefined;
    if (!provider) {
      if (typeof keys.provider === 'string') add([...path, 'provider'], `one of ${Object.keys(providers).join(', ')}`);
      continue;
    }
    const source = readSource(provider, head.data, keys, (issues) => addIssues(issues, path));
    if (source) sources.push(source);
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(place, problems);
  return { sources, history: parsed.data.history.keep, demo: false };
}

function readSource(
  provider: Provider,
  head: z.output<typeof sourceSchema> | undefined,
  keys: object,
  addIssues: (issues: readonly z.core.$ZodIssue[]) => void,
): ConfiguredSource | undefined {
  const theirs = Object.fromEntries(Object.entries(keys).filter(([key]) => !OWN_KEYS.includes(key)));
  const config = provider.config.safeParse(theirs);
  addIssues(config.error?.issues ?? []);
  if (!head || !config.success) return;
  const mock = 'mock' in theirs && theirs.mock !== null && theirs.mock !== undefined;
  const pace = mock ? MOCK : LIVE;
  return {
    id: head.id,
    provider,
    mock,
    interval: head.interval ?? pace.interval,
    discovery: head.discovery ?? pace.discovery,
    understood: understood(theirs),
    open: open(provider, config.data),
  };
}

/** Without a configuration file: the whole seeded fleet of 2,000 resources, one mock source per provider. */
export function demoSources(providers: Providers): Configuration {
  const sources = Object.values(providers).flatMap((provider) => {
    const keys = { id: provider.id, provider: provider.id, mock: { seed: 1, resources: 2_000 } };
    return (
      readSource(provider, { id: provider.id, provider: provider.id }, keys, (issues) => {
        if (issues[0])
          throw new TypeError(`${provider.id}: a mock must need no other key (${issues[0].path.join('.')})`);
      }) ?? []
    );
  });
  return { sources, history: HISTORY, demo: true };
}

function own(providers: Providers, id: string): Provider | undefined {
  return Object.hasOwn(providers, id) ? providers[id] : undefined;
}

function keyOf(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${String(step)}`)).join('');
}
