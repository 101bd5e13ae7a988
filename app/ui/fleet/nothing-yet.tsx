'use client';
import { useQuery } from '@tanstack/react-query';
import type { Scopes } from '#lib/api/resources.ts';
import type scopesQuestion from '#lib/questions/scopes.ts';
import { SCOPE_MARKS, ScopeMark } from '../cells/scope-mark.tsx';
import { queryFor } from '../data/api.ts';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';

/** The fleet is empty: because the first listing is on its way, because nothing could be read, or because it is. */
export function NothingYet({ initial }: { initial: Scopes }) {
  const { data } = useQuery({
    ...queryFor<typeof scopesQuestion>('/scopes', {}),
    initialData: initial,
    refetchInterval: 1_000,
  });
  const { scopes } = data;
  const read = scopes.filter((scope) => scope.state !== 'pending').length;
  const failed = scopes.filter(({ state }) => state !== 'pending' && state !== 'fresh' && state !== 'duplicate');
  if (scopes.length === 0) {
    return (
      <div className="state-page" role="status">
        <h2>Waiting for the first source</h2>
        <p>The collector has not named anything to read yet. Sources stand in muster.yaml.</p>
      </div>
    );
  }
  return (
    <div className="state-page" role="status">
      <h2>{read < scopes.length ? 'First listing' : 'Nothing runs here'}</h2>
      <p>
        {count(read)} of {count(scopes.length)} scopes read, {count(scopes.reduce((n, scope) => n + scope.count, 0))}{' '}
        resources so far.
      </p>
      <progress className="progress" max={scopes.length} value={read} aria-label="Scopes read" />
      <ul className="drops">
        {failed.slice(0, 6).map((scope) => (
          <li key={scope.id}>
            <ScopeMark state={scope.state} />
            <span>
              <Foreign text={scope.label} limit={80} />: {SCOPE_MARKS[scope.state].word}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
