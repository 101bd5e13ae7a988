import Link from 'next/link';
import type { Capacity } from '#lib/api/stack.ts';
import { count } from '../text/format.ts';
import { Decide } from '../topology/links/decide.tsx';
import { LinkWords } from '../topology/links/link-words.tsx';
import { ResourceLink } from '../topology/links/resource-link.tsx';

const FEW = 5;

/** Links that would change a figure if a person confirmed them. */
export function Likely({ candidates }: Pick<Capacity, 'candidates'>) {
  if (candidates.length === 0) return null;
  return (
    <div className="why-part">
      <h3>Likely one machine, counted twice until a person says so</h3>
      {candidates.slice(0, FEW).map(({ link, a, b }) => (
        <div className="question" key={`${a.uid} ${b.uid}`}>
          <div className="pair">
            <ResourceLink row={a} limit={60} />
            <span className="verdict">and</span>
            <ResourceLink row={b} limit={60} />
          </div>
          <div className="question-line">
            <LinkWords link={link} />
            <Decide a={a.uid} b={b.uid} verdicts={['join', 'split']} about={`${a.name} and ${b.name}`} />
          </div>
        </div>
      ))}
      {candidates.length > FEW ? (
        <p className="why-note">
          <Link href="/identity" prefetch={false} className="link">
            {count(candidates.length - FEW)} more on the identity page
          </Link>
        </p>
      ) : null}
    </div>
  );
}
