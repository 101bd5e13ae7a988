'use client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Changes, Problem } from '#lib/api/resources.ts';
import type { Change } from '#lib/model/index.ts';
import type changesQuestion from '#lib/questions/changes.ts';
import { ask, queryDiagnostic, queryFor } from '../data/api.ts';
import { CHANGES_PAGE } from '../data/page-size.ts';
import { LiveProvider } from '../data/use-live.tsx';
import { FilterBar } from '../filter/filter-bar.tsx';
import { isReadable } from '../filter/is-readable.ts';
import { PageBody } from '../shell/page-frame.tsx';
import { useView, ViewProvider } from '../view/view-provider.tsx';
import { ChangeTable } from './change-table.tsx';

export interface FirstChanges {
  q: string;
  changes: Changes | null;
  problem: Problem | null;
}

const changesKey = (q: string) => queryFor<typeof changesQuestion>('/changes', { q, limit: CHANGES_PAGE }).queryKey;

/** What happened to the fleet, newest first. `first` is a {@link FirstChanges} as JSON. */
export function ChangesPage({ search, first }: { search: string; first: string }) {
  const client = useQueryClient();
  const [answer] = useState(() => {
    const { q, changes, problem } = JSON.parse(first) as FirstChanges;
    if (changes) client.setQueryData(changesKey(q), { pages: [changes], pageParams: [0] });
    return { since: changes?.changes[0]?.seq ?? null, problem };
  });
  return (
    <ViewProvider search={search}>
      <LiveProvider since={answer.since}>
        <Feed refused={answer.problem} />
      </LiveProvider>
    </ViewProvider>
  );
}

function Feed({ refused }: { refused: Problem | null }) {
  const { view } = useView();
  const feed = useInfiniteQuery({
    queryKey: changesKey(view.q),
    queryFn: ({ pageParam, signal }) =>
      ask<typeof changesQuestion>(
        '/changes',
        { q: view.q, limit: CHANGES_PAGE, ...(pageParam > 0 ? { before: pageParam } : {}) },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: (before) => before,
    enabled: isReadable(view.q),
  });
  const changes: Change[] = feed.data?.pages.flatMap((page) => page.changes) ?? [];
  return (
    <main className="page">
      <div className="bar">
        <h1 className="bar-title">Changes</h1>
        <FilterBar refused={queryDiagnostic(feed.error) ?? refused} />
      </div>
      <PageBody label="Changes">
        {feed.error && !queryDiagnostic(feed.error) ? <p className="hint is-bad">{feed.error.message}</p> : null}
        {changes.length > 0 ? <ChangeTable changes={changes} /> : null}
        {changes.length === 0 && !feed.isPending && !feed.error ? (
          <div className="state-page">
            <h2>Nothing has changed</h2>
            <p>The first listing of a scope records no appearances; from then on each change stands here.</p>
          </div>
        ) : null}
        {feed.hasNextPage ? (
          <p className="hint">
            <button
              type="button"
              className="button"
              disabled={feed.isFetchingNextPage}
              onClick={() => feed.fetchNextPage()}
            >
              {feed.isFetchingNextPage ? 'Reading' : 'Older'}
            </button>
          </p>
        ) : null}
      </PageBody>
    </main>
  );
}
