import type { ScopeState } from '#lib/model/index.ts';
import { SCOPE_MARKS, ScopeMark } from './scope-mark.tsx';

export function FreshnessCell({ state }: { state: ScopeState }) {
  return (
    <span className="state">
      <ScopeMark state={state} />
      {SCOPE_MARKS[state].word}
    </span>
  );
}
