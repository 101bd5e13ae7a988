'use client';
import type { ResourceSummary } from '#lib/api/stack.ts';
import type { Conflict } from '#lib/model/index.ts';
import { Foreign } from '../../text/foreign.tsx';
import { count } from '../../text/format.ts';
import { Decide } from './decide.tsx';
import { conflictWords } from './evidence.ts';
import { NamedLink } from './resource-link.tsx';

// Of more than these nobody decides pair by pair.
const FEW = 6;

/** Evidence that cannot all be true, the rows that say it, and a person's word on each of them and the first. */
export function ConflictView({ conflict, named }: { conflict: Conflict; named: readonly ResourceSummary[] }) {
  const { value, resources, count: all } = conflict;
  const [first = ''] = resources;
  const nameOf = (uid: string) => named.find((one) => one.uid === uid)?.name || uid;
  const isShort = resources.length <= FEW;
  return (
    <div className="question">
      <div className="question-line">
        <span className="conflict">{conflictWords(conflict)}</span>
        <Foreign className="mono" text={value} limit={90} />
      </div>
      <ul className={isShort ? 'claims' : 'claims is-long'}>
        {resources.map((uid, i) => (
          <li key={uid}>
            <NamedLink uid={uid} named={named} />
            {isShort && i > 0 ? (
              <>
                <Decide a={first} b={uid} verdicts={['join', 'split']} about={`${nameOf(first)} and ${nameOf(uid)}`} />
                <span className="note">with the first</span>
              </>
            ) : null}
          </li>
        ))}
        {all > resources.length ? <li className="note">and {count(all - resources.length)} more</li> : null}
      </ul>
    </div>
  );
}
