'use client';
import type { ReactNode } from 'react';
import type { Compared, IdentityReport } from '#lib/api/stack.ts';
import { addressesOf } from '#lib/language/grammar/reach.ts';
import { AccountCell } from '../../cells/account-cell.tsx';
import { NotSet } from '../../cells/not-set.tsx';
import { StateMark } from '../../cells/state-mark.tsx';
import { FIGURES } from '../../figures/figures.ts';
import { Foreign } from '../../text/foreign.tsx';
import { cores, exactTime, memory } from '../../text/format.ts';
import { Decide } from '../links/decide.tsx';
import { LinkWords } from '../links/link-words.tsx';
import { ResourceLink } from '../links/resource-link.tsx';

type OfferAnswer = IdentityReport['offers'][number];

/** A pair that could be one machine: the evidence, the two side by side, what a join would take off the totals. */
export function Offer({ offer: { link, a, b, figures } }: { offer: OfferAnswer }) {
  return (
    <div className="question offer">
      <div className="question-line">
        <LinkWords link={link} />
        <span className="note">{effect(figures)}</span>
        <span className="offer-act">
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
              {FIELDS.map(({ label, show, of }) => (
                <td key={label} className={of && same(of(a), of(b)) ? 'is-same' : undefined}>
                  <span className="compared-label">{label}</span>
                  {show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Compare {
  label: string;
  show(row: Compared): ReactNode;
  /** Values of which a common one says that the two are alike. */
  of?(row: Compared): readonly (string | null)[];
}

const text = (value: string | null, mono = false): ReactNode =>
  value === null || value === '' ? <NotSet /> : <Foreign className={mono ? 'mono' : 'text'} text={value} limit={60} />;

const FIELDS: readonly Compare[] = [
  {
    label: 'state',
    show: (row) => (
      <span className={`state state-${row.state}`}>
        <StateMark state={row.state} />
        {row.state}
      </span>
    ),
  },
  {
    label: 'account',
    show: (row) => <AccountCell item={row} />,
    of: (row) => [row.account],
  },
  { label: 'region', show: (row) => text(row.zone ?? row.region), of: (row) => [row.zone ?? row.region] },
  { label: 'type', show: (row) => text(row.type, true), of: (row) => [row.type] },
  {
    label: 'created',
    show: (row) => text(row.createdAt === null ? null : exactTime(row.createdAt).slice(0, 16)),
    of: (row) => [row.createdAt],
  },
  { label: 'addresses', show: (row) => text(addressesOf(row).join(', '), true), of: addressesOf },
];

const same = (a: readonly (string | null)[], b: readonly (string | null)[]): boolean =>
  a.some((value) => value !== null && value !== '' && b.includes(value));

/** What a join would take off the totals. */
function effect(figures: OfferAnswer['figures']): string {
  if (figures.length === 0) return 'joined, no total would change';
  const parts = figures.map(({ figure, cpu, memory: mib }) => {
    const { value, unit } = memory(mib);
    const label = FIGURES.find(({ key }) => key === figure)?.label.toLowerCase() ?? figure;
    return `${label} − ${cores(cpu)} cores, ${value} ${unit}B`;
  });
  return `joined: ${parts.join('; ')}`;
}
