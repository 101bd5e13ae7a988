'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Facets, Freshness } from '#lib/api/resources.ts';
import { ScopeMark } from '../cells/scope-mark.tsx';
import { StateMark } from '../cells/state-mark.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { asking, isAbout, MATTERS, type Matter, withoutMatter } from './attention-query.ts';

const APPEARANCES: Readonly<Record<Matter, { word: string; means: string; mark: ReactNode }>> = {
  failed: {
    word: 'failed',
    means: 'Should run and does not, or ended by an error',
    mark: <StateMark state="failed" />,
  },
  unready: {
    word: 'running, not ready',
    means: 'Runs and cannot do its work: a probe, a readiness gate or a health check says no',
    mark: <StateMark state="running" ready={false} />,
  },
  unknown: {
    word: 'unknown',
    means: 'Its system does not know its state',
    mark: <StateMark state="unknown" />,
  },
};

/** States of the rows of a question, whatever it says of state and readiness, and of those that are not ready. */
export interface Matters {
  all: Facets;
  unready: Facets;
}

interface Props {
  matters: Matters | undefined;
  freshness: Freshness | null;
}

/** What needs attention in what one sees: each a question with its count, and no line where there is none. */
export function Attention({ matters: told, freshness }: Props) {
  const { view, go } = useView();
  const inState = (answer: Facets | undefined, state: string) =>
    answer?.facets.state?.find(({ value }) => value === state)?.count ?? 0;
  const counts: Readonly<Record<Matter, number>> = {
    failed: inState(told?.all, 'failed'),
    unready: inState(told?.unready, 'running'),
    unknown: inState(told?.all, 'unknown'),
  };
  const unseen = (freshness?.scopes.denied ?? 0) + (freshness?.scopes.unreachable ?? 0);
  const matters = MATTERS.filter((matter) => counts[matter] > 0 || isAbout(view.q, matter));
  if (matters.length === 0 && unseen === 0) return null;
  return (
    <nav className="attention" aria-label="Needs attention">
      <span className="attention-label">Needs attention</span>
      {matters.map((matter) => {
        const { word, means, mark } = APPEARANCES[matter];
        const isOn = isAbout(view.q, matter);
        return (
          <button
            type="button"
            key={matter}
            className={isOn ? 'attention-matter is-on' : 'attention-matter'}
            aria-pressed={isOn}
            title={means}
            onClick={() => go({ q: isOn ? withoutMatter(view.q) : asking(view.q, matter) })}
          >
            {mark}
            <b>{count(counts[matter])}</b> {word}
          </button>
        );
      })}
      {unseen === 0 ? null : (
        <Link href="/sources" prefetch={false} className="attention-matter">
          <ScopeMark state="denied" />
          <b>{count(unseen)}</b> {unseen === 1 ? 'scope' : 'scopes'} cannot be read
        </Link>
      )}
    </nav>
  );
}
