'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { IdentityReport } from '#lib/api/stack.ts';
import type identity from '#lib/questions/identity.ts';
import { queryFor } from '../../data/api.ts';
import { LiveProvider } from '../../data/use-live.tsx';
import { PageBody, PageFrame } from '../../shell/page-frame.tsx';
import { count } from '../../text/format.ts';
import {
  IDENTITY_PAGE,
  type IdentityView,
  identityAddress,
  identityRequest,
  SHOWS,
  type Show,
} from './identity-view.ts';
import { Report } from './report.tsx';

export interface FirstIdentity {
  revision: number;
  report: IdentityReport;
  possible: number;
}

const reportQuery = (view: IdentityView) =>
  queryFor<typeof identity>('/identity', { ...identityRequest(view), limit: IDENTITY_PAGE });

const one = queryFor<typeof identity>('/identity', { confidence: 'possible', limit: 1 });
/** How many there are: all that other tabs show of them. */
const possibleQuery = {
  queryKey: [...one.queryKey, 'total'] as const,
  queryFn: async (context: { signal: AbortSignal }) => (await one.queryFn(context)).candidatesTotal,
};

/** Which rows are one machine: what waits for a person, what cannot be, and what was decided. `first` is a {@link FirstIdentity} as JSON. */
export function IdentityPage({ view, first }: { view: IdentityView; first: string }) {
  const client = useQueryClient();
  const [revision] = useState(() => {
    const answer = JSON.parse(first) as FirstIdentity;
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
    likely: view.show === 'possible' ? likely.data?.candidatesTotal : data?.candidatesTotal,
    possible: possible.data,
    conflicts: data?.conflictsTotal,
    decisions: data?.decisions.length,
  };
  return (
    <PageFrame
      error={error}
      updatedAt={dataUpdatedAt}
      head={
        <>
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
        </>
      }
    >
      <PageBody label={LABELS[view.show]}>
        {data ? <Report view={view} report={data} /> : <p className="hint">Reading</p>}
      </PageBody>
    </PageFrame>
  );
}

const LABELS: Readonly<Record<Show, string>> = {
  likely: 'Likely',
  possible: 'Possible',
  conflicts: 'Conflicts',
  decisions: 'Decided',
};
