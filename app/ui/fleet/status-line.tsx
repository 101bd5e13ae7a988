'use client';
import Link from 'next/link';
import type { Freshness } from '#lib/api/resources.ts';
import { SCOPE_MARKS, ScopeMark } from '../cells/scope-mark.tsx';
import { type Live, useLive } from '../data/use-live.tsx';
import { useNow } from '../data/use-now.ts';
import { clockTime, count, percent, span } from '../text/format.ts';
import { shortened, visible } from '../text/visible.ts';

interface Props {
  freshness: Freshness | null;
  total: number;
  took: number;
}

type Problem = Freshness['problems'][number];
const NAMED = 3;
const LABEL = 30;
/** States of which nothing is to be said here: all is well, or another source has the same. */
const QUIET: ReadonlySet<string> = new Set(['fresh', 'duplicate']);

/** Tells the truth about what one sees: how much is fresh, what is not, since when; leads to the sources. */
export function StatusLine({ freshness, total, took }: Props) {
  const live = useLive();
  const now = useNow();
  return (
    <footer className="status">
      <Link href="/sources" prefetch={false} className="status-link">
        <span className="sr-only">Sources: </span>
        {freshness ? <Parts freshness={freshness} now={now} /> : <span>nothing read yet</span>}
      </Link>
      <span className="status-live">
        <span role="status">{liveWord(live, now)}</span> · {count(total)} rows in {Math.max(1, Math.round(took))} ms
      </span>
    </footer>
  );
}

function Parts({ freshness, now }: { freshness: Freshness; now: number }) {
  const { problems } = freshness;
  const more = Object.entries(freshness.scopes).reduce((n, [state, k]) => (QUIET.has(state) ? n : n + (k ?? 0)), 0);
  return (
    <>
      <span className="status-part">
        <ScopeMark
          state={freshness.fresh === freshness.total && (freshness.total > 0 || more === 0) ? 'fresh' : 'stale'}
        />
        {freshness.total === 0
          ? `${count(freshness.scopes.fresh ?? 0)} of ${count(more + (freshness.scopes.fresh ?? 0))} scopes fresh`
          : `${percent(freshness.fresh, freshness.total)} of what you see is fresh`}
      </span>
      {problems.slice(0, NAMED).map((problem) => (
        <span className="status-part" key={problem.id} title={problem.reason?.message}>
          <ScopeMark state={problem.state} />
          <bdi title={visible(problem.label)}>{shortened(visible(problem.label), LABEL)}</bdi>
          <span>: {saying(problem, now)}</span>
        </span>
      ))}
      {more > NAMED ? <span className="status-part">{count(more - NAMED)} more</span> : null}
    </>
  );
}

/** `throttled, 14 min old`; `no access since 09:12`; `connection lost since 09:12, trying again`. */
export function saying({ state, since, lastSuccess }: Problem, now: number): string {
  const { word } = SCOPE_MARKS[state];
  if (state === 'pending') return word;
  if (state === 'reconnecting' && since !== null) return `${word} since ${clockTime(since, now)}, trying again`;
  if (lastSuccess === null) return since === null ? `${word}, never read` : `${word} since ${clockTime(since, now)}`;
  return `${word}, ${span(now - Date.parse(lastSuccess))} old`;
}

function liveWord(live: Live, now: number): string {
  if (live.state === 'lost') return `not live since ${span(now - live.since)}`;
  return live.state;
}
