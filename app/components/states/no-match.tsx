'use client';
import { useQueries } from '@tanstack/react-query';
import type { ResourcePage } from '#lib/query/api.ts';
import { tokens, withoutToken } from '#lib/query/grammar/index.ts';
import { ask } from '../data/api.ts';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';

const MOST = 8;

/** Nothing matches: says what each clause costs, so that one knows which to drop. */
export function NoMatch({ q }: { q: string }) {
  const { go } = useView();
  const clauses = tokens(q)
    .filter((token) => token.kind === 'field' || token.kind === 'word')
    .slice(0, MOST);
  const without = useQueries({
    queries: clauses.map((clause) => {
      const rest = withoutToken(q, clause.start);
      return {
        queryKey: ['rows', rest, '', 'count'],
        queryFn: ({ signal }: { signal: AbortSignal }) => ask<ResourcePage>('resources', { q: rest, limit: 1 }, signal),
      };
    }),
  });
  return (
    <div className="state-page">
      <h2>No match</h2>
      <p>No resource fulfils all of the filter.</p>
      <ul className="drops">
        {clauses.map((clause, i) => {
          const total = without[i]?.data?.total;
          return (
            <li key={clause.start}>
              <button type="button" className="button" onClick={() => go({ q: withoutToken(q, clause.start) })}>
                without <Foreign className="mono" text={clause.text} limit={80} />
              </button>
              <span>{total === undefined ? '' : total === 0 ? 'still nothing' : `${count(total)} resources`}</span>
            </li>
          );
        })}
      </ul>
      <button type="button" className="link" onClick={() => go({ q: '' })}>
        Clear the whole filter
      </button>
    </div>
  );
}
