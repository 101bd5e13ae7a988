import type { Scope } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';

/** What one scope lists of a cluster: of one member or all, of one project or all. */
export interface Share {
  member: string | null;
  project: string | null;
}

/** Neither name holds white space. */
export const partOf = ({ member, project }: Share): string =>
  ['instances', ...(project === null ? [] : ['of', project]), ...(member === null ? [] : ['on', member])].join(' ');

/** @throws ProviderError `config` for a part that is none of instances */
export function shareOf(scope: Scope): Share {
  const found = /^instances(?: of (\S+))?(?: on (\S+))?$/.exec(scope.part);
  if (!found) throw new ProviderError('config', scope.label, `${scope.part} is not listed by this source`);
  return { project: found[1] ?? null, member: found[2] ?? null };
}
