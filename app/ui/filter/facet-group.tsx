'use client';
import { useId, useState } from 'react';
import { findField } from '#lib/language/fields.ts';
import { toggleValue, valuesOf } from '#lib/language/grammar/index.ts';
import { Icon } from '../shell/icons.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { FacetValue } from './facet-value.tsx';

interface Props {
  field: string;
  label: string;
  open: boolean;
  unset: string;
  values: readonly { value: string; count: number }[] | undefined;
  truncated: boolean;
  /** For people, where a value is an id. */
  names?: ReadonlyMap<string, string> | undefined;
}

const FEW = 8;

export function FacetGroup({ field, label, open: opened, unset, values = [], truncated, names }: Props) {
  const { view, go } = useView();
  const [open, setOpen] = useState(opened);
  const [all, setAll] = useState(false);
  const list = useId();
  const chosen = valuesOf(view.q, field).map((value) => value.toLowerCase());
  const isChosen = (value: string) => chosen.includes(value.toLowerCase());
  const entries = ordered(field, withChosen(values, chosen));
  // Where there is nothing to choose from, a heading is noise; a group of not set only says nothing either.
  if (entries.length === 0 || (entries.length === 1 && entries[0]?.value === '')) return null;
  const shown = all ? entries : entries.filter(({ value }, index) => index < FEW || isChosen(value));
  const hidden = entries.length - shown.length;
  const most = Math.max(...entries.map((entry) => entry.count), 1);
  return (
    <section className="facet">
      <h2>
        <button type="button" aria-expanded={open} aria-controls={list} onClick={() => setOpen(!open)}>
          {label}
          <Icon name={open ? 'down' : 'right'} size={12} />
        </button>
      </h2>
      <ul id={list} hidden={!open}>
        {shown.map((entry) => (
          <FacetValue
            key={entry.value}
            field={field}
            value={entry.value}
            count={entry.count}
            share={entry.count / most}
            unset={unset}
            name={names?.get(entry.value)}
            chosen={isChosen(entry.value)}
            onToggle={() => go({ q: toggleValue(view.q, field, entry.value) })}
          />
        ))}
        {hidden > 0 || (all && entries.length > FEW) ? (
          <li>
            <button type="button" className="facet-more" onClick={() => setAll(!all)}>
              {all ? 'fewer' : `${count(hidden)}${truncated ? '+' : ''} more`}
            </button>
          </li>
        ) : null}
        {all && truncated ? <li className="facet-note">the 100 most frequent; filter for others</li> : null}
      </ul>
    </section>
  );
}

type Entry = { value: string; count: number };

/** A chosen value that matches nothing now must still be there to be taken away. */
function withChosen(values: readonly Entry[], chosen: readonly string[]): Entry[] {
  const missing = chosen.filter((value) => !values.some((entry) => entry.value.toLowerCase() === value));
  return [...values, ...missing.map((value) => ({ value, count: 0 }))];
}

/** Closed sets keep their order, so that nothing moves under the pointer; open ones go by count, as they come, what is not set last. */
function ordered(field: string, entries: Entry[]): Entry[] {
  const legal = findField(field)?.values;
  const place = (value: string) => (value === '' ? Number.POSITIVE_INFINITY : (legal?.indexOf(value) ?? 0));
  if (legal) return entries.toSorted((a, b) => place(a.value) - place(b.value));
  return entries.toSorted((a, b) => Number(a.value === '') - Number(b.value === ''));
}
