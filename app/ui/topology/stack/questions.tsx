'use client';
import type { StackAnswer } from '#lib/api/stack.ts';
import { Contradicted } from '../links/contradicted.tsx';
import { Decide } from '../links/decide.tsx';
import { DecisionLine } from '../links/decision-line.tsx';
import { LinkWords } from '../links/link-words.tsx';
import { NamedLink } from '../links/resource-link.tsx';

/** What of this machine waits for a person, contradicts itself, or was decided. */
export function Questions({ stack }: { stack: StackAnswer }) {
  const { links, named, contradictions, decisions } = stack;
  const offers = links.filter(({ relation, confidence }) => relation === 'same-as' && confidence !== 'certain');
  return (
    <>
      {contradictions.length > 0 ? (
        <section className="questions">
          <h2>Contradictions, not followed</h2>
          {contradictions.map((one) => (
            <Contradicted key={`${one.kind} ${one.evidence} ${one.value}`} contradiction={one} named={named} />
          ))}
        </section>
      ) : null}
      {offers.length > 0 ? (
        <section className="questions">
          <h2>Could be one machine</h2>
          {offers.map((link) => (
            <div className="question" key={`${link.from} ${link.to}`}>
              <div className="pair">
                <NamedLink uid={link.from} named={named} />
                <span className="verdict">and</span>
                <NamedLink uid={link.to} named={named} />
              </div>
              <div className="question-line">
                <LinkWords link={link} />
                <Decide a={link.from} b={link.to} verdicts={['join', 'split']} about="these two" />
              </div>
            </div>
          ))}
        </section>
      ) : null}
      {decisions.length > 0 ? (
        <section className="questions">
          <h2>Decided</h2>
          {decisions.map((decision) => (
            <DecisionLine key={`${decision.a} ${decision.b}`} decision={decision} named={named} />
          ))}
        </section>
      ) : null}
    </>
  );
}
