'use client';
import { useState } from 'react';
import { toggleValue } from '#lib/language/grammar/index.ts';
import type { Tags as TagValues } from '#lib/model/index.ts';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';

const FEW = 24;

/** Tags as the provider spells them; a click filters for one. */
export function Tags({ tags }: { tags: TagValues }) {
  const { view, go } = useView();
  const [all, setAll] = useState(false);
  const entries = Object.entries(tags);
  if (entries.length === 0) return <p className="hint">none</p>;
  return (
    <ul className="tags">
      {entries.slice(0, all ? undefined : FEW).map(([key, value]) => (
        <li key={key}>
          <button
            type="button"
            className="tag"
            title="Filter for it"
            onClick={() => go({ q: toggleValue(view.q, `tag.${key}`, value) })}
          >
            <Foreign text={key} limit={60} />
            <span aria-hidden="true">=</span>
            <b>
              <Foreign text={value} limit={80} />
            </b>
          </button>
        </li>
      ))}
      {entries.length > FEW && !all ? (
        <li>
          <button type="button" className="link" onClick={() => setAll(true)}>
            {count(entries.length - FEW)} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}
