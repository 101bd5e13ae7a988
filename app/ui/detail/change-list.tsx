'use client';
import { labelOf } from '#lib/language/fields.ts';
import type { Change } from '#lib/model/index.ts';
import { useNow } from '../data/use-now.ts';
import { Foreign } from '../text/foreign.tsx';
import { clockTime, exactTime } from '../text/format.ts';

/** What happened, newest first: when, and what from and to. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const now = useNow();
  if (changes.length === 0) return <p className="hint">Nothing has changed since it was first seen.</p>;
  return (
    <ol className="changes">
      {changes.map((change) => (
        <li key={`${change.seq} ${change.field}`}>
          <time dateTime={change.at} title={exactTime(change.at)}>
            {clockTime(change.at, now)}
          </time>
          <ChangeWords change={change} />
        </li>
      ))}
    </ol>
  );
}

export function ChangeWords({ change }: { change: Change }) {
  if (change.type !== 'changed') return <span className={`change-${change.type}`}>{change.type}</span>;
  return (
    <span>
      <Foreign text={labelOf(change.field ?? '')} limit={80} /> <Value text={change.from} /> →{' '}
      <Value text={change.to} />
    </span>
  );
}

function Value({ text }: { text: string | null }) {
  return text === null ? <i>not set</i> : <Foreign className="mono" text={text} limit={120} />;
}
