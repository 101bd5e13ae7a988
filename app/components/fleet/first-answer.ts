import type { ScopeStatus } from '#lib/model/index.ts';
import type { Facets, Groups, Problem, ResourceDetail } from '#lib/query/api.ts';
import type { TreePage } from '#lib/query/stack-api.ts';
import type { Matters } from '../attention/attention.tsx';
import type { TimedPage } from '../data/use-pages.ts';

/** What the server already asked for, so that the first picture is whole and the browser asks nothing twice. */
export interface FirstAnswer {
  q: string;
  sort: string;
  page: TimedPage | null;
  /** The first roots, where the list is a tree. */
  tree: TreePage | null;
  facets: Facets | null;
  matters: Matters | null;
  sums: Groups | null;
  scopes: ScopeStatus[];
  detail: { uid: string; found: ResourceDetail | null } | null;
  problem: Problem | null;
}
