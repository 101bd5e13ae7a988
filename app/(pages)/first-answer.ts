import { completeProblem } from '#app/server/problem.ts';
import type { QueryProblem } from '#lib/api/problem.ts';
import type { Problem } from '#lib/api/resources.ts';
import type facetsQuestion from '#lib/questions/facets.ts';
import type groups from '#lib/questions/groups.ts';
import type resource from '#lib/questions/resource.ts';
import type resources from '#lib/questions/resources.ts';
import type scopes from '#lib/questions/scopes.ts';
import type treeQuestion from '#lib/questions/tree.ts';
import type { QueryService } from '#lib/web/service.ts';
import { PAGE_SIZE } from '../ui/data/page-size.ts';
import { RAIL_FIELDS } from '../ui/filter/facet-list.ts';
import { withoutGroup } from '../ui/filter/group-of.ts';
import type { Matters } from '../ui/fleet/attention.tsx';
import { MATTER_FIELDS, ofUnready, withoutMatter } from '../ui/fleet/attention-query.ts';
import type { FirstAnswer } from '../ui/fleet/first-answer.ts';
import { treeSort } from '../ui/grid/tree/tree-query.ts';
import type { View } from '../ui/view/view.ts';
import { jsonOf } from './json-of.ts';

/**
 * Asks for everything that the first picture of a view needs, at once: a {@link FirstAnswer} as JSON. A view that cannot be read
 * answers with the problem.
 */
export async function firstAnswer(service: QueryService, view: View): Promise<string> {
  const { q, sort, selected, mode } = view;
  const detail =
    selected === null ? null : await service.answer<typeof resource>('/resources/{uid}', { uid: selected });
  const known = {
    q: JSON.stringify(q),
    sort: JSON.stringify(sort),
    scopes: await service.answer<typeof scopes>('/scopes', {}),
    detail: selected === null ? null : jsonOf({ uid: JSON.stringify(selected), found: detail }),
  };
  const start = performance.now();
  const ungrouped = withoutGroup(q);
  try {
    const states = (of: string) =>
      service.answer<typeof facetsQuestion>('/facets', { q: of, fields: [...MATTER_FIELDS] });
    const [page, facets, all, unready, sums, tree] = await Promise.all([
      service.answer<typeof resources>('/resources', { q, sort, limit: PAGE_SIZE, offset: 0 }),
      service.answer<typeof facetsQuestion>('/facets', { q, fields: [...RAIL_FIELDS] }),
      states(withoutMatter(q)),
      states(ofUnready(q)),
      service.answer<typeof groups>('/groups', { q: ungrouped, by: 'kind' }),
      mode === 'tree'
        ? service.answer<typeof treeQuestion>('/tree', {
            q: ungrouped,
            sort: treeSort(sort),
            limit: PAGE_SIZE,
            offset: 0,
          })
        : null,
    ]);
    const took = JSON.stringify(performance.now() - start);
    const matters = jsonOf<Matters>({ all, unready });
    return jsonOf<FirstAnswer>({ ...known, took, page, facets, matters, sums, tree, problem: null });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    const none = { took: '0', page: null, facets: null, matters: null, sums: null, tree: null };
    return jsonOf<FirstAnswer>({ ...known, ...none, problem: JSON.stringify(problem) });
  }
}

/** Next may hold a second copy of the class, so its name is asked. */
export function problemOf(error: unknown): Problem | null {
  if (!(error instanceof Error) || error.name !== 'QueryProblem') return null;
  return completeProblem({ status: 400, ...(error as QueryProblem).problem });
}
