'use client';
import type { StackAnswer } from '#lib/api/stack.ts';
import { ConflictView } from '../links/conflict-view.tsx';
import { Decide } from '../links/decide.tsx';
import { DecisionLine } from '../links/decision-line.tsx';
import { LinkWords } from '../links/link-words.tsx';
import { NamedLink } from '../links/resource-link.tsx';

/** What of this machine waits for a person, is in conflict, or was decided. */
export function Questions({ stack }: { stack: StackAnswer }) {
  const { links, named, conflicts, decisions } = stack;
  const candidates = links.filter(({ relation, confidence }) => relation === 'same-as' && confidence !== 'certain');
  return (
    <>
      {conflicts.length > 0 ? (
        <section className="questions">
          <h2>Conflicts, not followed</h2>
          {conflicts.map((one) => (
            <ConflictView key={`${one.kind} ${one.evidence} ${one.value}`} conflict={one} named={named} />
          ))}
        </section>
      ) : null}
      {candidates.length > 0 ? (
        <section className="questions">
          <h2>Could be one machine</h2>
          {candidates.map((link) => (
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
