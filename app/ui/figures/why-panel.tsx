'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { findField } from '#lib/language/fields.ts';
import { withClause } from '#lib/language/grammar/index.ts';
import type capacity from '#lib/questions/capacity.ts';
import { queryFor } from '../data/api.ts';
import { withoutGroup } from '../filter/group-of.ts';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { Deduplicated } from './deduplicated.tsx';
import { FigureTable } from './figure-table.tsx';
import { Likely } from './likely.tsx';

/** Why the totals are what they are: what was counted, what is a duplicate by which evidence, what is not known, what could change. */
export function WhyPanel({ q, by, group }: { q: string; by: string | null; group: string | null }) {
  const { go } = useView();
  const panel = useRef<HTMLElement>(null);
  const rest = withoutGroup(q);
  const explained = by === null || group === null ? rest : withClause(rest, by, [group]);
  const { data, error, isPlaceholderData } = useQuery({
    ...queryFor<typeof capacity>('/capacity', { q: explained }),
    placeholderData: keepPreviousData,
  });
  const close = () => {
    const back = document.querySelector<HTMLElement>(`[data-why="${CSS.escape(group ?? 'all')}"]`);
    go({ why: null });
    back?.focus();
  };
  // Opened by its button, not by an address: there the list has the focus.
  useEffect(() => {
    if (document.activeElement?.hasAttribute('data-why')) panel.current?.focus();
  }, []);
  return (
    <section
      ref={panel}
      className={`why${isPlaceholderData ? ' is-waiting' : ''}`}
      aria-label="Why these figures"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <header className="why-head">
        <h2>
          {group === null || by === null ? (
            'Why these figures'
          ) : (
            <>
              Why the figures of {findField(by)?.label ?? by}{' '}
              {group === '' ? 'not set' : <Foreign text={group} limit={80} />}
            </>
          )}
        </h2>
        {data ? (
          <p className="note">
            {count(data.total)} rows;{' '}
            {data.machines === 0
              ? 'each is a machine of its own here'
              : `${count(data.machines)} of their machines are seen more than once, and count once in each column`}
          </p>
        ) : null}
        <button type="button" className="icon-button" onClick={close} title="Close (Esc)">
          <Icon name="close" size={14} />
          <span className="sr-only">Close the explanation</span>
        </button>
      </header>
      {error ? <p className="hint is-bad">{error.message}</p> : null}
      {data ? (
        <>
          <FigureTable capacity={data} />
          <Likely candidates={data.candidates} />
          <Deduplicated deduplicated={data.deduplicated} machines={data.machines} />
        </>
      ) : error ? null : (
        <p className="hint" role="status">
          Adding up
        </p>
      )}
    </section>
  );
}
