'use client';
import Link from 'next/link';
import type { IdentityReport } from '#lib/api/stack.ts';
import { count } from '../../text/format.ts';
import { ConflictView } from '../links/conflict-view.tsx';
import { DecisionLine } from '../links/decision-line.tsx';
import { Candidate } from './candidate.tsx';
import { IDENTITY_PAGE, type IdentityView, identityAddress, type Show } from './identity-view.ts';

const MEANS: Readonly<Record<Show, string>> = {
  likely:
    'The evidence is good and not proof. What both rows of a pair bring counts twice until a person says that they are one machine; splitting takes a pair off this list.',
  possible: 'A hint and no more, such as a private address that two networks can both have. Nothing is counted by it.',
  conflicts:
    'Evidence that cannot all be true. None of it is followed. A pair that is joined is one machine all the same, and a split holds; it is told here for as long as the systems say it.',
  decisions: 'What people said. It holds whatever is listed, and outlives the disappearance of either row.',
};

const NONE: Readonly<Record<Show, { title: string; text: string }>> = {
  likely: { title: 'Nothing waits for a decision', text: 'Every link is certain, or a hint too weak to ask about.' },
  possible: { title: 'No hints', text: 'No two machines share an address without better evidence for or against.' },
  conflicts: { title: 'No conflicts', text: 'No id is claimed by two machines.' },
  decisions: {
    title: 'Nobody has decided anything',
    text: 'Join and Split of a stack, a pair or a conflict stand here.',
  },
};

export function Report({ view, report }: { view: IdentityView; report: IdentityReport }) {
  const { show } = view;
  const { candidates, conflicts, conflictsTotal, decisions, named } = report;
  const isEmpty = show === 'conflicts' ? conflicts.length === 0 : show === 'decisions' ? decisions.length === 0 : false;
  const noCandidates = (show === 'likely' || show === 'possible') && report.candidatesTotal === 0;
  if (isEmpty || noCandidates) {
    return (
      <div className="state-page">
        <h2>{NONE[show].title}</h2>
        <p>{NONE[show].text}</p>
      </div>
    );
  }
  return (
    <div className="report">
      <p className="report-means">{MEANS[show]}</p>
      {show === 'conflicts' ? (
        <>
          {conflicts.map((one) => (
            <ConflictView key={`${one.kind} ${one.evidence} ${one.value}`} conflict={one} named={named} />
          ))}
          {conflictsTotal > conflicts.length ? (
            <p className="note">
              The first {count(conflicts.length)} of {count(conflictsTotal)}.
            </p>
          ) : null}
        </>
      ) : show === 'decisions' ? (
        decisions.map((decision) => (
          <DecisionLine key={`${decision.a} ${decision.b}`} decision={decision} named={named} />
        ))
      ) : (
        <>
          {candidates.map((candidate) => (
            <Candidate key={`${candidate.a.uid} ${candidate.b.uid}`} candidate={candidate} />
          ))}
          <Paging view={view} total={report.candidatesTotal} />
        </>
      )}
    </div>
  );
}

function Paging({ view: { show, offset }, total }: { view: IdentityView; total: number }) {
  if (total <= IDENTITY_PAGE && offset === 0) return null;
  const last = Math.min(total, offset + IDENTITY_PAGE);
  return (
    <nav className="paging" aria-label="Pages of pairs">
      {offset > 0 ? (
        <Link className="button is-small" href={identityAddress({ show, offset: Math.max(0, offset - IDENTITY_PAGE) })}>
          Before
        </Link>
      ) : null}
      <span className="note">
        {offset >= total ? 'No more' : `${count(offset + 1)} to ${count(last)}`} of {count(total)}
      </span>
      {last < total ? (
        <Link className="button is-small" href={identityAddress({ show, offset: offset + IDENTITY_PAGE })}>
          Next
        </Link>
      ) : null}
    </nav>
  );
}
