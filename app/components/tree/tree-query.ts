import type { TreePage } from '#lib/query/stack-api.ts';
import { ask } from '../data/api.ts';
import { PAGE_SIZE } from '../data/page-size.ts';
import type { Question } from '../data/use-pages.ts';
import { withoutGroup } from '../groups/group-of.ts';

/** Who opens the tree looks for what carries most; `sort:` of the filter wins over it, as it does in the list. */
const LARGEST_FIRST = '-guests';

/** The order of a tree for which the reader has chosen none. */
export const treeSort = (sort: string): string => (sort === '' ? LARGEST_FIRST : sort);

/** A hundred children of one machine, or roots. */
export const treeQuery = ({ q, sort }: Question, parent: string | null, page: number) => ({
  queryKey: ['rows', 'tree', q, sort, parent, page] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask<TreePage>(
      'tree',
      { q: withoutGroup(q), sort: treeSort(sort), parent: parent ?? '', limit: PAGE_SIZE, offset: page * PAGE_SIZE },
      signal,
    ),
  gcTime: 60_000,
});
