'use client';
import { useRef } from 'react';
import type { ResourceSummary } from '#lib/api/stack.ts';
import type { Decision } from '#lib/model/index.ts';
import { Foreign } from '../../text/foreign.tsx';
import { TimeAgo } from '../../text/time-ago.tsx';
import { NamedLink } from './resource-link.tsx';
import { useTakeBack } from './use-decisions.ts';

/** What a person decided of two rows, why and when; can be taken back. */
export function DecisionLine({ decision, named }: { decision: Decision; named: readonly ResourceSummary[] }) {
  const { a, b, verdict, reason, at } = decision;
  const taking = useTakeBack(a, b);
  const button = useRef<HTMLButtonElement>(null);
  const take = () => {
    const place = button.current?.closest<HTMLElement>('[tabindex="0"]');
    taking.mutate(undefined, { onSuccess: () => place?.focus() });
  };
  return (
    <div className="question">
      <div className="pair">
        <NamedLink uid={a} named={named} />
        <span className={`verdict is-${verdict}`}>{verdict === 'join' ? 'is' : 'is not'}</span>
        <NamedLink uid={b} named={named} />
      </div>
      <div className="question-line">
        <Foreign className="quoted" text={reason} limit={500} />
        <span className="note">
          <TimeAgo iso={at} />
        </span>
        {taking.isSuccess ? (
          <span role="status">Taken back. The figures follow.</span>
        ) : (
          <button ref={button} type="button" className="button is-small" disabled={taking.isPending} onClick={take}>
            Take back
          </button>
        )}
        {taking.isError ? (
          <span className="decide-error" role="alert">
            {taking.error.message}
          </span>
        ) : null}
      </div>
    </div>
  );
}
