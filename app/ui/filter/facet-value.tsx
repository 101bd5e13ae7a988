'use client';
import { STATES } from '#lib/model/vocabulary.ts';
import { StateMark } from '../cells/state-mark.tsx';
import { useProvider } from '../data/providers.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';

interface Props {
  field: string;
  value: string;
  count: number;
  /** Of the most frequent value, 0 to 1. */
  share: number;
  unset: string;
  /** For people, where the value is an id. */
  name?: string | undefined;
  chosen: boolean;
  onToggle(): void;
}

const KINDS: Readonly<Record<string, string>> = { vm: 'VM', container: 'Container', host: 'Host' };
const BAR_PX = 52;

/** One value: a box to choose it, its count, and a hair of a bar. */
export function FacetValue({ field, value, count: n, share, unset, name, chosen, onToggle }: Props) {
  const provider = useProvider(value);
  const state = field === 'state' ? STATES.find((one) => one === value) : undefined;
  const label =
    value === ''
      ? unset
      : field === 'kind'
        ? (KINDS[value] ?? value)
        : field === 'provider'
          ? provider.label
          : (name ?? value);
  return (
    <li>
      <label className={`facet-value${n === 0 ? ' is-empty' : ''}`} title={name === undefined ? undefined : value}>
        <input type="checkbox" className="box" checked={chosen} onChange={onToggle} />
        {state ? <StateMark state={state} /> : null}
        <Foreign className={value === '' ? 'facet-label is-unset' : 'facet-label'} text={label} limit={80} />
        <span className="hair" style={{ width: `${n === 0 ? 0 : Math.max(2, Math.round(share * BAR_PX))}px` }} />
        <span className="facet-count">{count(n)}</span>
      </label>
    </li>
  );
}
