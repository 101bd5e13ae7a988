'use client';
import Link from 'next/link';
import type { IdentityReport } from '#lib/api/stack.ts';
import { count } from '../../text/format.ts';
import { Contradicted } from '../links/contradicted.tsx';
import { DecisionLine } from '../links/decision-line.tsx';
import { IDENTITY_PAGE, type IdentityView, identityAddress, type Show } from './identity-view.ts';
import { Offer } from './offer.tsx';

const MEANS: Readonly<Record<Show, string>> = {
  likely:
    'The evidence is good and not proof. What both rows of a pair bring counts twice until a person says that they are one machine; splitting takes a pair off this list.',
  possible: 'A hint and no more, such as a private address that two networks can both have. Nothing is counted by it.',
  contradictions:
    'Evidence that cannot all be true. None of it is followed. A pair that is joined is one machine all the same, and a split holds; it is told here for as long as the systems say it.',
  decisions: 'What people said. It holds whatever is listed, and outlives the disappearance of either row.',
};

const NONE: Readonly<Record<Show, { title: string; text: string }>> = {
  likely: { title: 'Nothing waits for a decision', text: 'Every link is certain, or a hint too weak to ask about.' },
  possible: { title: 'No hints', text: 'No two machines share an address without better evidence for or against.' },
  contradictions: { title: 'Nothing contradicts itself', text: 'No id is claimed by two machines.' },
  decisions: {
    title: 'Nobody has decided anything',
    text: 'Join and Split of a stack, a pair or a contradiction stand here.',
  },
};

export function Report({ view, report }: { view: IdentityView; report: IdentityReport }) {
  const { show } = view;
  const { offers, contradictions, contradictionsTotal, decisions, named } = report;
  const isEmpty =
    show === 'contradictions' ? contradictions.length === 0 : show === 'decisions' ? decisions.length === 0 : false;
  const noOffers = (show === 'likely' || show === 'possible') && report.offersTotal === 0;
  if (isEmpty || noOffers) {
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
      {show === 'contradictions' ? (
        <>
          {contradictions.map((one) => (
            <Contradicted key={`${one.kind} ${one.evidence} ${one.value}`} contradiction={one} named={named} />
          ))}
          {contradictionsTotal > contradictions.length ? (
            <p className="note">
              The first {count(contradictions.length)} of {count(contradictionsTotal)}.
            </p>
          ) : null}
        </>
      ) : show === 'decisions' ? (
        decisions.map((decision) => (
          <DecisionLine key={`${decision.a} ${decision.b}`} decision={decision} named={named} />
        ))
      ) : (
        <>
          {offers.map((offer) => (
            <Offer key={`${offer.a.uid} ${offer.b.uid}`} offer={offer} />
          ))}
          <Paging view={view} total={report.offersTotal} />
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
