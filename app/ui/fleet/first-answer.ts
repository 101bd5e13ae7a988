import type { Facets, Groups, Problem, ResourceDetail, ResourcePage, Scopes } from '#lib/api/resources.ts';
import type { TreePage } from '#lib/api/stack.ts';
import type { Matters } from './attention.tsx';

/** What the server already asked for, so that the first picture is whole and the browser asks nothing twice. */
export interface FirstAnswer {
  q: string;
  sort: string;
  page: ResourcePage | null;
  /** Milliseconds. */
  took: number;
  /** The first roots, where the list is a tree. */
  tree: TreePage | null;
  facets: Facets | null;
  matters: Matters | null;
  sums: Groups | null;
  scopes: Scopes;
  detail: { uid: string; found: ResourceDetail | null } | null;
  problem: Problem | null;
}
