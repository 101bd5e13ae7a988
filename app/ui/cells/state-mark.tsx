import type { ReactNode } from 'react';
import type { State } from '#lib/model/index.ts';

type Mark = { tone: 'good' | 'busy' | 'idle' | 'bad'; shape: ReactNode };

const arc = <path d="M7.9 3A3.4 3.4 0 1 0 7.9 7" fill="none" strokeWidth="1.5" stroke="currentColor" />;
const ring = <circle cx="5" cy="5" r="3" fill="none" strokeWidth="1.3" stroke="currentColor" />;

// A shape as well as a colour: the list must read the same without colours.
const MARKS: Readonly<Record<State, Mark>> = {
  running: { tone: 'good', shape: <circle cx="5" cy="5" r="3.8" fill="currentColor" /> },
  starting: { tone: 'busy', shape: arc },
  stopping: { tone: 'busy', shape: arc },
  stopped: { tone: 'idle', shape: ring },
  suspended: {
    tone: 'idle',
    shape: <rect x="1.9" y="1.9" width="6.2" height="6.2" rx="1" fill="none" strokeWidth="1.3" stroke="currentColor" />,
  },
  failed: { tone: 'bad', shape: <path d="M5 .3 9.7 5 5 9.7.3 5Z" fill="currentColor" /> },
  terminated: {
    tone: 'idle',
    shape: (
      <>
        {ring}
        <path d="M2.2 7.8 7.8 2.2" strokeWidth="1.3" stroke="currentColor" />
      </>
    ),
  },
  unknown: {
    tone: 'idle',
    shape: (
      <circle cx="5" cy="5" r="3.2" fill="none" strokeWidth="1.3" strokeDasharray="1.6 1.75" stroke="currentColor" />
    ),
  },
};

const NOT_READY: Mark = {
  tone: 'busy',
  shape: (
    <>
      <circle cx="5" cy="5" r="3.2" fill="none" strokeWidth="1.3" stroke="currentColor" />
      <path d="M5 1.2a3.8 3.8 0 0 0 0 7.6Z" fill="currentColor" />
    </>
  ),
};

/** The mark of a state: the same in table, facets and detail. What runs and is not ready is half of it. */
export function StateMark({ state, ready = null }: { state: State; ready?: boolean | null }) {
  const mark = state === 'running' && ready === false ? NOT_READY : (MARKS[state] ?? MARKS.unknown);
  return (
    <svg className={`mark tone-${mark.tone}`} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      {mark.shape}
    </svg>
  );
}
