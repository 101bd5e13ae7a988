'use client';
import { useQueries } from '@tanstack/react-query';
import type { Freshness } from '#lib/api/resources.ts';
import { tokens, withoutToken } from '#lib/language/grammar/index.ts';
import type resources from '#lib/questions/resources.ts';
import { ScopeMark } from '../cells/scope-mark.tsx';
import { queryFor } from '../data/api.ts';
import { useNow } from '../data/use-now.ts';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { saying } from './status-line.tsx';

const MOST = 8;

/** Nothing matches: says what each clause costs, so that one knows which to drop. */
export function NoMatch({ q, freshness }: { q: string; freshness: Freshness | null }) {
  const { go } = useView();
  const clauses = tokens(q)
    .filter((token) => token.kind === 'field' || token.kind === 'word')
    .slice(0, MOST);
  const without = useQueries({
    queries: clauses.map((clause) =>
      queryFor<typeof resources>('/resources', { q: withoutToken(q, clause.start), limit: 1 }),
    ),
  });
  return (
    <div className="state-page">
      <h2>No match</h2>
      <p>No resource that Muster knows fulfils all of the filter.</p>
      <Unread freshness={freshness} />
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

const NAMED = 4;

/** What the filter asks for may be where nobody could look. */
function Unread({ freshness }: { freshness: Freshness | null }) {
  const now = useNow();
  const unread = freshness?.problems.filter(({ state }) => state !== 'stale' && state !== 'gone') ?? [];
  if (unread.length === 0) return null;
  return (
    <div className="unread" role="status">
      <p>It may be where Muster cannot look:</p>
      <ul>
        {unread.slice(0, NAMED).map((problem) => (
          <li key={problem.id}>
            <ScopeMark state={problem.state} />
            <span title={problem.reason?.message}>
              <Foreign text={problem.label} limit={80} />: {saying(problem, now)}
            </span>
          </li>
        ))}
        {unread.length > NAMED ? <li>{count(unread.length - NAMED)} more</li> : null}
      </ul>
    </div>
  );
}
