'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Facets, Groups } from '#lib/api/resources.ts';
import type facetsQuestion from '#lib/questions/facets.ts';
import type groups from '#lib/questions/groups.ts';
import { queryFor } from '../data/api.ts';
import { RAIL_FIELDS } from '../filter/facet-list.ts';
import { withoutGroup } from '../filter/group-of.ts';
import { isReadable } from '../filter/is-readable.ts';
import type { Matters } from './attention.tsx';
import { MATTER_FIELDS, ofUnready, withoutMatter } from './attention-query.ts';

export const facetsQuery = (q: string) => queryFor<typeof facetsQuestion>('/facets', { q, fields: [...RAIL_FIELDS] });
export const sumsQuery = (q: string) => queryFor<typeof groups>('/groups', { q: withoutGroup(q), by: 'kind' });
/** Two answers kept as one, so that the strip never shows counts of two questions. */
export const mattersQuery = (q: string) => {
  const states = (of: string) => queryFor<typeof facetsQuestion>('/facets', { q: of, fields: [...MATTER_FIELDS] });
  const [ofAll, ofSome] = [states(withoutMatter(q)), states(ofUnready(q))];
  return {
    queryKey: [...ofAll.queryKey, 'matters'] as const,
    queryFn: async (context: { signal: AbortSignal }): Promise<Matters> => {
      const [all, unready] = await Promise.all([ofAll.queryFn(context), ofSome.queryFn(context)]);
      return { all, unready };
    },
  };
};

interface Sums {
  facets: Facets | undefined;
  matters: Matters | undefined;
  sums: Groups | undefined;
}

/** Counts of the rail and sums of the strip for what the filter leaves; the last ones stay until the next are there. */
export function useSums(q: string): Sums {
  const enabled = isReadable(q);
  const facets = useQuery({ ...facetsQuery(q), placeholderData: keepPreviousData, enabled });
  const matters = useQuery({ ...mattersQuery(q), placeholderData: keepPreviousData, enabled });
  const sums = useQuery({ ...sumsQuery(q), placeholderData: keepPreviousData, enabled });
  return { facets: facets.data, matters: matters.data, sums: sums.data };
}
