import { completeProblem } from '#app/front/problem.ts';
import type { Problem } from '#lib/query/api.ts';
import type { QueryProblem, QueryService } from '#lib/query/service.ts';
import { MATTER_FIELDS, ofUnready, withoutMatter } from './components/attention/attention-query.ts';
import { PAGE_SIZE } from './components/data/page-size.ts';
import { RAIL_FIELDS } from './components/facets/facet-list.ts';
import type { FirstAnswer } from './components/fleet/first-answer.ts';
import { withoutGroup } from './components/groups/group-of.ts';
import { treeSort } from './components/tree/tree-query.ts';
import type { View } from './components/view/view.ts';

/** Asks for everything that the first picture of a view needs, at once. A view that cannot be read answers with the problem. */
export async function firstAnswer(service: QueryService, view: View): Promise<FirstAnswer> {
  const { q, sort, selected, mode } = view;
  const found = selected === null ? null : { uid: selected, found: await service.detail(selected) };
  const { scopes } = await service.scopes();
  const empty: FirstAnswer = {
    q,
    sort,
    page: null,
    tree: null,
    facets: null,
    matters: null,
    sums: null,
    scopes,
    detail: found,
    problem: null,
  };
  const start = performance.now();
  try {
    const [page, facets, all, unready, sums, tree] = await Promise.all([
      service.page({ q, sort, limit: PAGE_SIZE, start: { offset: 0 } }),
      service.facets(q, RAIL_FIELDS),
      service.facets(withoutMatter(q), MATTER_FIELDS),
      service.facets(ofUnready(q), MATTER_FIELDS),
      service.groups(withoutGroup(q), 'kind'),
      mode === 'tree'
        ? service.tree({ q: withoutGroup(q), sort: treeSort(sort), parent: null, limit: PAGE_SIZE, offset: 0 })
        : null,
    ]);
    return {
      ...empty,
      page: { ...page, took: performance.now() - start },
      facets,
      matters: { all, unready },
      sums,
      tree,
    };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return { ...empty, problem };
  }
}

/** Next may hold a second copy of the class, so its name is asked. */
export function problemOf(error: unknown): Problem | null {
  if (!(error instanceof Error) || error.name !== 'QueryProblem') return null;
  return completeProblem({ status: 400, ...(error as QueryProblem).problem });
}
