'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Facets, Groups } from '#lib/query/api.ts';
import type facetsQuestion from '#lib/questions/facets.ts';
import type groups from '#lib/questions/groups.ts';
import { queryFor } from '../data/api.ts';
import { RAIL_FIELDS } from '../facets/facet-list.ts';
import { isReadable } from '../filter/is-readable.ts';
import { withoutGroup } from '../groups/group-of.ts';

export const facetsQuery = (q: string) => queryFor<typeof facetsQuestion>('/facets', { q, fields: [...RAIL_FIELDS] });
export const sumsQuery = (q: string) => queryFor<typeof groups>('/groups', { q: withoutGroup(q), by: 'kind' });

/** Counts of the rail and sums of the strip for what the filter leaves; the last ones stay until the next are there. */
export function useSums(q: string): { facets: Facets | undefined; sums: Groups | undefined } {
  const enabled = isReadable(q);
  const facets = useQuery({ ...facetsQuery(q), placeholderData: keepPreviousData, enabled });
  const sums = useQuery({ ...sumsQuery(q), placeholderData: keepPreviousData, enabled });
  return { facets: facets.data, sums: sums.data };
}
