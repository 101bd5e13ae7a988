'use client';
import Link from 'next/link';
import { withClause } from '#lib/language/grammar/index.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import { FreshnessCell } from '../cells/freshness-cell.tsx';
import { ProviderWord } from '../cells/provider-word.tsx';
import { DetailFailure } from '../text/detail-failure.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { TimeAgo } from '../text/time-ago.tsx';
import { Leaving } from './leaving.tsx';
import { RefreshButton } from './refresh-button.tsx';

export function ScopeRow({ scope }: { scope: ScopeStatus }) {
  const search = new URLSearchParams({ q: withClause('', 'scope', [scope.id]) });
  return (
    <tr>
      <th scope="row">
        <Foreign text={scope.label} limit={120} />
      </th>
      <td className="nowrap">
        <ProviderWord id={scope.provider} /> <Foreign className="note" text={scope.source} limit={60} />
      </td>
      <td className="nowrap">
        <Foreign className="mono" text={scope.part} limit={60} />
        {scope.watched ? <span className="note"> watched</span> : null}
      </td>
      <td>
        <FreshnessCell state={scope.state} />
        {scope.reason ? <Foreign className="scope-reason" text={scope.reason.message} limit={300} /> : null}
        {scope.detailErrors.map((error) => (
          <span key={error.call} className="scope-reason">
            <DetailFailure error={error} lead="Old or not known: " />
          </span>
        ))}
        <Leaving scope={scope} />
        {scope.held > 0 ? (
          <span className="scope-reason">{count(scope.held)} removals wait for a second complete listing</span>
        ) : null}
      </td>
      <td className="nowrap">{scope.since === null ? '' : <TimeAgo iso={scope.since} />}</td>
      <td className="nowrap">
        {scope.lastSuccess === null ? <span className="is-unset">never</span> : <TimeAgo iso={scope.lastSuccess} />}
      </td>
      <td className="right nowrap">
        <ScopeCount scope={scope} href={`/?${search}`} />
      </td>
      <td className="right">
        <RefreshButton scope={scope.id} label="Refresh" />
      </td>
    </tr>
  );
}

/** A scope that was never read has no count: 0 would be a claim. */
function ScopeCount({ scope, href }: { scope: ScopeStatus; href: string }) {
  if (scope.state === 'duplicate' && scope.count === 0) return <span className="is-unset">none of its own</span>;
  if (scope.lastSuccess === null && scope.count === 0) return <span className="is-unset">not known</span>;
  return (
    <Link href={href} prefetch={false} className="link">
      {count(scope.count)}
    </Link>
  );
}
