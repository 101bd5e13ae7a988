import { FreshnessCell } from '../cells/freshness-cell.tsx';
import { ProviderWord } from '../cells/provider-word.tsx';
import { ScopeMark } from '../cells/scope-mark.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { TimeAgo } from '../text/time-ago.tsx';
import { type Grant, namesOf, type Verdict, verdictsOf } from './grants.ts';
import { MissingPolicy } from './missing-policy.tsx';

const NAMED = 10;
/** The same marks as the states of a scope: good, bad, nothing known. */
const MARKS = { allowed: 'fresh', denied: 'denied', unknown: 'gone' } as const;

/** What one source is allowed: a line, and behind it every call, where it was tried, and the policy that is missing. */
export function SourceGrant({ grant }: { grant: Grant }) {
  const { seen } = grant;
  return (
    <details className="grant">
      <summary>
        <ProviderWord id={grant.provider} />
        <Foreign className="grant-name" text={grant.source} limit={63} />
        <span className="grant-words">
          <Words grant={grant} />
        </span>
        {seen === null ? null : (
          <span className="note">
            looked at <TimeAgo iso={seen.at} />
          </span>
        )}
      </summary>
      <div className="grant-body">
        {seen === null ? (
          <p className="note">
            The collector tries each call of the policy after it has discovered a source, and once an hour from then on.
          </p>
        ) : (
          <table className="calls">
            <tbody>
              {verdictsOf(seen.permissions).map((verdict) => (
                <Call key={`${verdict.state} ${verdict.action}`} verdict={verdict} />
              ))}
            </tbody>
          </table>
        )}
        {grant.deniedRegions.length === 0 ? null : (
          <p>
            <FreshnessCell state="denied" /> to the list itself in{' '}
            <Foreign text={namesOf(grant.deniedRegions, NAMED)} limit={600} />
          </p>
        )}
        {seen?.missing ? <MissingPolicy provider={grant.provider} policy={seen.missing} /> : null}
      </div>
    </details>
  );
}

function Words({ grant }: { grant: Grant }) {
  const { seen, denied, unknown, allowed, deniedRegions } = grant;
  const calls = denied + unknown + allowed;
  if (seen === null && deniedRegions.length === 0) return <span className="is-unset">not looked at yet</span>;
  return (
    <>
      {denied > 0 ? <Word state="denied" text={`${count(denied)} of ${count(calls)} calls denied`} /> : null}
      {deniedRegions.length > 0 ? (
        <Word
          state="denied"
          text={`denied in ${deniedRegions.length === 1 ? '1 region' : `${count(deniedRegions.length)} regions`}`}
        />
      ) : null}
      {unknown > 0 ? <Word state="unknown" text={`${count(unknown)} could not be tried everywhere`} /> : null}
      {denied + unknown === 0 && allowed > 0 ? (
        <Word state="allowed" text={calls === 1 ? 'its one call is allowed' : `all ${count(calls)} calls allowed`} />
      ) : null}
    </>
  );
}

function Word({ state, text }: { state: keyof typeof MARKS; text: string }) {
  return (
    <span className="state">
      <ScopeMark state={MARKS[state]} />
      {text}
    </span>
  );
}

function Call({ verdict: { action, state, places, message } }: { verdict: Verdict }) {
  return (
    <tr>
      <th scope="row">
        <Foreign className="mono" text={action} limit={120} />
      </th>
      <td className="nowrap">
        <Word state={state} text={state} />
      </td>
      <td>
        <Foreign text={namesOf(places, state === 'allowed' ? 3 : NAMED)} limit={600} />
        {message === null ? null : <Foreign className="scope-reason" text={message} limit={300} />}
      </td>
    </tr>
  );
}
