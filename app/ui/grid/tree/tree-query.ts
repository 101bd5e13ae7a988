import type tree from '#lib/questions/tree.ts';
import { queryFor } from '../../data/api.ts';
import { PAGE_SIZE } from '../../data/page-size.ts';
import type { Question } from '../../data/use-pages.ts';
import { withoutGroup } from '../../filter/group-of.ts';

/** Who opens the tree looks for what carries most; `sort:` of the filter wins over it, as it does in the list. */
const LARGEST_FIRST = '-guests';

/** The order of a tree for which the reader has chosen none. */
export const treeSort = (sort: string): string => (sort === '' ? LARGEST_FIRST : sort);

/** A hundred children of one machine, or roots. */
export const treeQuery = ({ q, sort }: Question, parent: string | null, page: number) => ({
  ...queryFor<typeof tree>('/tree', {
    q: withoutGroup(q),
    sort: treeSort(sort),
    ...(parent === null ? {} : { parent }),
    limit: PAGE_SIZE,
    offset: page * PAGE_SIZE,
  }),
  gcTime: 60_000,
});
