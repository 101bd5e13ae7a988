import type { ScopeState } from '#lib/model/index.ts';

type Mark = { tone: 'good' | 'busy' | 'idle' | 'bad'; shape: 'dot' | 'ring' | 'diamond' | 'arc'; word: string };

/** How each state of a scope looks and is said. */
export const SCOPE_MARKS: Readonly<Record<ScopeState, Mark>> = {
  fresh: { tone: 'good', shape: 'dot', word: 'fresh' },
  pending: { tone: 'busy', shape: 'arc', word: 'not read yet' },
  reconnecting: { tone: 'bad', shape: 'arc', word: 'connection lost' },
  stale: { tone: 'busy', shape: 'dot', word: 'stale' },
  throttled: { tone: 'busy', shape: 'dot', word: 'throttled' },
  partial: { tone: 'busy', shape: 'dot', word: 'partly read' },
  unreachable: { tone: 'bad', shape: 'diamond', word: 'unreachable' },
  denied: { tone: 'bad', shape: 'diamond', word: 'no access' },
  duplicate: { tone: 'idle', shape: 'ring', word: 'listed by another source' },
  off: { tone: 'idle', shape: 'ring', word: 'service off' },
  gone: { tone: 'idle', shape: 'ring', word: 'no longer found' },
};

const SHAPES = {
  dot: <circle cx="5" cy="5" r="3.8" fill="currentColor" />,
  ring: <circle cx="5" cy="5" r="3" fill="none" strokeWidth="1.3" stroke="currentColor" />,
  diamond: <path d="M5 .3 9.7 5 5 9.7.3 5Z" fill="currentColor" />,
  arc: <path d="M7.9 3A3.4 3.4 0 1 0 7.9 7" fill="none" strokeWidth="1.5" stroke="currentColor" />,
} as const;

export function ScopeMark({ state }: { state: ScopeState }) {
  const mark = SCOPE_MARKS[state];
  return (
    <svg className={`mark tone-${mark.tone}`} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      {SHAPES[mark.shape]}
    </svg>
  );
}
