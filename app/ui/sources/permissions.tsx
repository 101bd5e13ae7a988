'use client';
import { useQuery } from '@tanstack/react-query';
import type { ScopeStatus } from '#lib/model/index.ts';
import type { AnswerOf } from '#lib/questions/kit/question.ts';
import type permissions from '#lib/questions/permissions.ts';
import { queryFor } from '../data/api.ts';
import { grantsOf } from './grants.ts';
import { SourceGrant } from './source-grant.tsx';

const POLL_MS = 60_000;

export type PermissionsAnswer = AnswerOf<typeof permissions>;

/** What every source is allowed and what it lacks, as the collector last saw it. */
export function Permissions({ scopes, first }: { scopes: readonly ScopeStatus[]; first: PermissionsAnswer }) {
  const { data, error } = useQuery({
    ...queryFor<typeof permissions>('/permissions', {}),
    initialData: first,
    refetchInterval: POLL_MS,
  });
  const grants = grantsOf(scopes, data.sources);
  if (grants.length === 0) return null;
  return (
    <section className="grants" aria-labelledby="permissions">
      <h2 id="permissions">Permissions</h2>
      {error ? <p className="hint is-bad">{error.message} What follows is older.</p> : null}
      {grants.map((grant) => (
        <SourceGrant key={grant.source} grant={grant} />
      ))}
    </section>
  );
}
