'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LiveProvider } from '../data/use-live.tsx';
import { pageKey } from '../data/use-pages.ts';
import { detailQuery } from '../detail/detail-query.ts';
import { treeQuery } from '../grid/tree/tree-query.ts';
import { ViewProvider } from '../view/view-provider.tsx';
import type { FirstAnswer } from './first-answer.ts';
import { FleetPage } from './fleet-page.tsx';
import { facetsQuery, mattersQuery, sumsQuery } from './use-sums.ts';

/** The fleet page in the browser. `first` is a {@link FirstAnswer} as JSON. */
export function Fleet({ search, first }: { search: string; first: string }) {
  const answer = useFirstAnswer(first);
  return (
    <ViewProvider search={search}>
      <LiveProvider since={answer.page?.revision ?? null}>
        <FleetPage scopes={answer.scopes} refused={answer.problem} />
      </LiveProvider>
    </ViewProvider>
  );
}

/** Puts what the server asked into the cache before anything reads it. */
function useFirstAnswer(first: string): FirstAnswer {
  const client = useQueryClient();
  return useState(() => {
    const answer = JSON.parse(first) as FirstAnswer;
    const { q, sort, page, took, tree, facets, matters, sums, detail } = answer;
    if (page) client.setQueryData(pageKey({ q, sort }, 0), { ...page, took });
    if (tree) client.setQueryData(treeQuery({ q, sort }, null, 0).queryKey, tree);
    if (facets) client.setQueryData(facetsQuery(q).queryKey, facets);
    if (matters) client.setQueryData(mattersQuery(q).queryKey, matters);
    if (sums) client.setQueryData(sumsQuery(q).queryKey, sums);
    if (detail) client.setQueryData(detailQuery(detail.uid).queryKey, detail.found);
    return answer;
  })[0];
}
