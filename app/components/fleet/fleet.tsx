'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LiveProvider } from '../data/use-live.tsx';
import { pageKey } from '../data/use-pages.ts';
import { treeQuery } from '../tree/tree-query.ts';
import { ViewProvider } from '../view/view-provider.tsx';
import type { FirstAnswer } from './first-answer.ts';
import { FleetPage } from './fleet-page.tsx';
import { facetsKey, mattersKey, sumsKey } from './use-sums.ts';

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
    const { q, sort, page, tree, facets, matters, sums, detail } = answer;
    if (page) client.setQueryData(pageKey({ q, sort }, 0), page);
    if (tree) client.setQueryData(treeQuery({ q, sort }, null, 0).queryKey, tree);
    if (facets) client.setQueryData(facetsKey(q), facets);
    if (matters) client.setQueryData(mattersKey(q), matters);
    if (sums) client.setQueryData(sumsKey(q), sums);
    if (detail) client.setQueryData(['detail', detail.uid], detail.found);
    return answer;
  })[0];
}
