'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Facets, Groups } from '#lib/query/api.ts';
import type { Matters } from '../attention/attention.tsx';
import { MATTER_FIELDS, ofUnready, withoutMatter } from '../attention/attention-query.ts';
import { ask } from '../data/api.ts';
import { RAIL_FIELDS } from '../facets/facet-list.ts';
import { isReadable } from '../filter/is-readable.ts';
import { withoutGroup } from '../groups/group-of.ts';

export const facetsKey = (q: string) => ['facets', q, RAIL_FIELDS] as const;
export const mattersKey = (q: string) => ['facets', withoutMatter(q), 'matters'] as const;
export const sumsKey = (q: string) => ['groups', withoutGroup(q), 'kind'] as const;

interface Sums {
  facets: Facets | undefined;
  matters: Matters | undefined;
  sums: Groups | undefined;
}

/** Counts of the rail and sums of the strip for what the filter leaves; the last ones stay until the next are there. */
export function useSums(q: string): Sums {
  const enabled = isReadable(q);
  const facets = useQuery({
    queryKey: facetsKey(q),
    queryFn: ({ signal }) => ask<Facets>('facets', { q, fields: RAIL_FIELDS.join(',') }, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
  const matters = useQuery({
    queryKey: mattersKey(q),
    queryFn: async ({ signal }): Promise<Matters> => {
      const states = (of: string) => ask<Facets>('facets', { q: of, fields: MATTER_FIELDS.join(',') }, signal);
      const [all, unready] = await Promise.all([states(withoutMatter(q)), states(ofUnready(q))]);
      return { all, unready };
    },
    placeholderData: keepPreviousData,
    enabled,
  });
  const sums = useQuery({
    queryKey: sumsKey(q),
    queryFn: ({ signal }) => ask<Groups>('groups', { q: withoutGroup(q), by: 'kind' }, signal),
    placeholderData: keepPreviousData,
    enabled,
  });
  return { facets: facets.data, matters: matters.data, sums: sums.data };
}
