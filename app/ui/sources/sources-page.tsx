'use client';
import { useQuery } from '@tanstack/react-query';
import type { Scopes } from '#lib/api/resources.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import { SCOPE_STATES } from '#lib/model/vocabulary.ts';
import type scopesQuestion from '#lib/questions/scopes.ts';
import { SCOPE_MARKS, ScopeMark } from '../cells/scope-mark.tsx';
import { queryFor } from '../data/api.ts';
import { LiveProvider } from '../data/use-live.tsx';
import { PageBody, PageFrame } from '../shell/page-frame.tsx';
import { count } from '../text/format.ts';
import { Permissions, type PermissionsAnswer } from './permissions.tsx';
import { RefreshButton } from './refresh-button.tsx';
import { ScopeRow } from './scope-row.tsx';

export interface FirstSources {
  scopes: Scopes;
  permissions: PermissionsAnswer;
}

// Worst first: this page is read when something is wrong.
const WORST: readonly ScopeStatus['state'][] = [
  'denied',
  'unreachable',
  'reconnecting',
  'throttled',
  'partial',
  'stale',
  'pending',
  'gone',
  'off',
  'duplicate',
  'fresh',
];
const AGES_MS = 10_000;

/** What is listed, how old and how complete: every scope with its state and reason. `first` is a {@link FirstSources} as JSON. */
export function SourcesPage({ first }: { first: string }) {
  const { scopes, permissions } = JSON.parse(first) as FirstSources;
  return (
    <LiveProvider since={scopes.revision}>
      <Sources initial={scopes} permissions={permissions} />
    </LiveProvider>
  );
}

function Sources({ initial, permissions }: { initial: Scopes; permissions: PermissionsAnswer }) {
  const { data, error } = useQuery({
    ...queryFor<typeof scopesQuestion>('/scopes', {}),
    initialData: initial,
    // States turn stale by age alone, without an event.
    refetchInterval: AGES_MS,
  });
  const scopes = data.scopes.toSorted(
    (a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || (a.provider + a.label < b.provider + b.label ? -1 : 1),
  );
  return (
    <PageFrame
      error={error}
      head={
        <>
          <h1>Sources</h1>
          <StateCounts scopes={scopes} />
          <RefreshButton scope="*" label="Refresh all" />
        </>
      }
    >
      <PageBody label="Permissions and scopes">
        <Permissions scopes={data.scopes} first={permissions} />
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Scope</th>
              <th scope="col">Provider</th>
              <th scope="col">Reads</th>
              <th scope="col">State</th>
              <th scope="col">Since</th>
              <th scope="col">Last complete</th>
              <th scope="col" className="right">
                Resources
              </th>
              <th scope="col">
                <span className="sr-only">Refresh</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {scopes.map((scope) => (
              <ScopeRow key={scope.id} scope={scope} />
            ))}
          </tbody>
        </table>
        {scopes.length === 0 ? (
          <p className="hint">No source has been read yet. Sources stand in muster.yaml.</p>
        ) : null}
      </PageBody>
    </PageFrame>
  );
}

function StateCounts({ scopes }: { scopes: readonly ScopeStatus[] }) {
  return (
    <p className="state-counts">
      {SCOPE_STATES.map((state) => {
        const n = scopes.filter((scope) => scope.state === state).length;
        return n === 0 ? null : (
          <span key={state} className="state">
            <ScopeMark state={state} />
            {count(n)} {SCOPE_MARKS[state].word}
          </span>
        );
      })}
    </p>
  );
}
