'use client';
import type { ReactNode } from 'react';
import type { Compared, IdentityReport } from '#lib/api/stack.ts';
import type { ComparedKind } from '#lib/language/field.ts';
import { COMPARED } from '#lib/language/fields.ts';
import { AccountCell } from '../../cells/account-cell.tsx';
import { NotSet } from '../../cells/not-set.tsx';
import { StateMark } from '../../cells/state-mark.tsx';
import { FIGURES } from '../../figures/figures.ts';
import { Foreign } from '../../text/foreign.tsx';
import { cores, exactTime, memory } from '../../text/format.ts';
import { Decide } from '../links/decide.tsx';
import { LinkWords } from '../links/link-words.tsx';
import { ResourceLink } from '../links/resource-link.tsx';

type CandidateAnswer = IdentityReport['candidates'][number];

/** A pair that could be one machine: the evidence, the two side by side, what a join would take off the totals. */
export function Candidate({ candidate: { link, a, b, figures } }: { candidate: CandidateAnswer }) {
  return (
    <div className="question candidate">
      <div className="question-line">
        <LinkWords link={link} />
        <span className="note">{effect(figures)}</span>
        <span className="candidate-actions">
          <Decide a={a.uid} b={b.uid} verdicts={['join', 'split']} about={`${a.name} and ${b.name}`} />
        </span>
      </div>
      <table className="compared">
        <tbody>
          {[a, b].map((row) => (
            <tr key={row.uid}>
              <th scope="row">
                <ResourceLink row={row} limit={60} />
              </th>
              {COMPARED.map(({ label, show, values }) => (
                <td key={label} className={values && same(values(a), values(b)) ? 'is-same' : undefined}>
                  <span className="compared-label">{label}</span>
                  {RENDERERS[show](values?.(row) ?? [], row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Draws the values by which two rows are compared, or the row itself. */
type ValueRenderer = (values: readonly (string | null)[], row: Compared) => ReactNode;

const text =
  (className: string): ValueRenderer =>
  (values) => {
    const joined = values.join(', ');
    return joined === '' ? <NotSet /> : <Foreign className={className} text={joined} limit={60} />;
  };
const plain = text('text');

const RENDERERS: Readonly<Record<ComparedKind, ValueRenderer>> = {
  text: plain,
  mono: text('mono'),
  time: (values, row) =>
    plain(
      values.map((iso) => iso && exactTime(iso).slice(0, 16)),
      row,
    ),
  state: (_, { state }) => (
    <span className={`state state-${state}`}>
      <StateMark state={state} />
      {state}
    </span>
  ),
  account: (_, row) => <AccountCell item={row} />,
};

const same = (a: readonly (string | null)[], b: readonly (string | null)[]): boolean =>
  a.some((value) => value !== null && value !== '' && b.includes(value));

/** What a join would take off the totals. */
function effect(figures: CandidateAnswer['figures']): string {
  if (figures.length === 0) return 'joined, no total would change';
  const parts = figures.map(({ figure, cpu, memory: mib }) => {
    const { value, unit } = memory(mib);
    const label = FIGURES.find(({ key }) => key === figure)?.label.toLowerCase() ?? figure;
    return `${label} − ${cores(cpu)} cores, ${value} ${unit}B`;
  });
  return `joined: ${parts.join('; ')}`;
}
