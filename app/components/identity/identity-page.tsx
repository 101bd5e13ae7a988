'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { IdentityReport } from '#lib/query/stack-api.ts';
import { ask } from '../data/api.ts';
import { LiveProvider } from '../data/use-live.tsx';
import { LostBanner } from '../status/lost-banner.tsx';
import { count } from '../text/format.ts';
import {
  IDENTITY_PAGE,
  type IdentityView,
  identityAddress,
  identityRequest,
  SHOWS,
  type Show,
} from './identity-view.ts';
import { Report } from './report.tsx';

interface First {
  revision: number;
  report: IdentityReport;
  possible: number;
}

const reportQuery = (view: IdentityView) => {
  const request = { ...identityRequest(view), limit: IDENTITY_PAGE };
  return {
    queryKey: ['identity', request] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) => ask<IdentityReport>('identity', request, signal),
  };
};

const possibleQuery = {
  queryKey: ['identity', 'possible'] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ask<IdentityReport>('identity', { confidence: 'possible', limit: 1 }, signal)).offersTotal,
};

/** Which rows are one machine: what waits for a person, what cannot be, and what was decided. `first` is the answer as JSON. */
export function IdentityPage({ view, first }: { view: IdentityView; first: string }) {
  const client = useQueryClient();
  const [revision] = useState(() => {
    const answer = JSON.parse(first) as First;
    client.setQueryData(reportQuery(view).queryKey, answer.report);
    client.setQueryData(possibleQuery.queryKey, answer.possible);
    return answer.revision;
  });
  return (
    <LiveProvider since={revision}>
      <Identity view={view} />
    </LiveProvider>
  );
}

function Identity({ view }: { view: IdentityView }) {
  const { data, error, dataUpdatedAt } = useQuery(reportQuery(view));
  const possible = useQuery(possibleQuery);
  const likely = useQuery({ ...reportQuery({ show: 'likely', offset: 0 }), enabled: view.show === 'possible' });
  const totals: Record<Show, number | undefined> = {
    likely: view.show === 'possible' ? likely.data?.offersTotal : data?.offersTotal,
    possible: possible.data,
    contradictions: data?.contradictionsTotal,
    decisions: data?.decisions.length,
  };
  return (
    <main className="page">
      <header className="page-head">
        <h1>Identity</h1>
        <nav className="page-tabs" aria-label="What is shown">
          {SHOWS.map((show) => (
            <Link
              key={show}
              href={identityAddress({ show, offset: 0 })}
              prefetch={false}
              aria-current={show === view.show ? 'page' : undefined}
            >
              {LABELS[show]}
              <span className="tab-count"> {totals[show] === undefined ? '' : count(totals[show])}</span>
            </Link>
          ))}
        </nav>
      </header>
      <LostBanner updatedAt={dataUpdatedAt} />
      {error ? <p className="hint is-bad">{error.message} What follows is older.</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="page-body" tabIndex={0} aria-label={LABELS[view.show]}>
        {data ? <Report view={view} report={data} /> : <p className="hint">Reading</p>}
      </section>
    </main>
  );
}

const LABELS: Readonly<Record<Show, string>> = {
  likely: 'Likely',
  possible: 'Possible',
  contradictions: 'Contradictions',
  decisions: 'Decided',
};
