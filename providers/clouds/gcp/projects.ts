import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { GcpAccessOptions } from './options.ts';

/** `resourcemanager.projects.get` of every project that is found; pages of 500. */
export type SearchProjects = (query: string, token: string | undefined, call: Call) => Promise<unknown>;

/**
 * The projects of a source: those it names, or all that the credential sees.
 * @see https://cloud.google.com/resource-manager/reference/rest/v3/projects/search
 * @throws ProviderError where the search fails; `permission` where it finds nothing, since it answers whoever may see no project like one
 * who has none; a project that cannot be read is found all the same
 */
export async function projectsOf(
  options: Pick<GcpAccessOptions, 'projects' | 'discover'>,
  search: SearchProjects,
  env: Environment,
  call: Call,
): Promise<readonly string[]> {
  const { discover } = options;
  if (!discover) return options.projects;
  const left = discover.exclude.map(patternOf);
  const found = new Set<string>();
  const refuse = (row: unknown): never => {
    throw unexpected(env.source, 'a project with projectId', row);
  };
  const read = pages(env.source, 'resourcemanager.projects.get', call.signal, async (token) => {
    const body = asRecord(await retry(env, call, () => search(discover.query, token, call)));
    // A search without a hit has no list at all: https://google.aip.dev/149 leaves empty fields out.
    const list = body?.projects ?? (body && Object.keys(body).length === 0 ? [] : undefined);
    if (!Array.isArray(list)) throw unexpected(env.source, 'a list of projects', body);
    const ids = list.map((row) => asString(asRecord(row)?.projectId) ?? refuse(row));
    return { items: ids, count: ids.length, next: asString(body?.nextPageToken) ?? undefined };
  });
  for await (const page of read) for (const id of page) if (!left.some((pattern) => pattern.test(id))) found.add(id);
  if (found.size === 0)
    throw new ProviderError(
      'permission',
      env.source,
      'the search finds no project: the credential may see none, or none fits query and exclude',
    );
  return [...found].sort();
}

const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.]/g, '\\$&'))
      .join('.*')}$`,
  );
