'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ResourceDetail } from '#lib/api/resources.ts';
import { TABS, type Tab } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import { ChangeList } from './change-list.tsx';
import { DetailHead } from './detail-head.tsx';
import { detailQuery } from './detail-query.ts';
import { Overview } from './overview.tsx';
import { Raw } from './raw.tsx';

/** Everything about one resource, beside the list and never over it. */
export function DetailPanel({ uid }: { uid: string }) {
  const { view, go } = useView();
  const { data, error } = useQuery({ ...detailQuery(uid), placeholderData: (before) => before });
  const waiting = data?.resource.uid !== uid;
  const panel = useFocusThatFollows(data?.resource.uid ?? null, () => go({ selected: null }));
  return (
    <aside ref={panel} className={`detail${data && waiting && !error ? ' is-waiting' : ''}`} aria-label="Resource">
      {data ? (
        <>
          <DetailHead detail={data} onClose={() => go({ selected: null })} />
          <TabList tab={view.tab} changes={data.changes.length} onTab={(tab) => go({ tab })} />
          <div
            className="detail-body"
            role="tabpanel"
            id="detail-panel"
            aria-labelledby={`tab-${view.tab}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
            tabIndex={0}
          >
            <Tabbed tab={view.tab} detail={data} />
          </div>
        </>
      ) : (
        <Without error={error} missing={data === null} onClose={() => go({ selected: null })} />
      )}
    </aside>
  );
}

/**
 * Who walks on inside the panel finds the focus at the beginning of what it shows now, not on a button that took the place of theirs;
 * Escape in it closes it and leads back to the list.
 */
function useFocusThatFollows(shown: string | null, close: () => void) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = panel;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      close();
      document.querySelector<HTMLElement>(':is([role="grid"], [role="treegrid"]) [tabindex="0"]')?.focus();
    };
    current?.addEventListener('keydown', onKey);
    return () => current?.removeEventListener('keydown', onKey);
  }, [close]);
  const before = useRef(shown);
  useEffect(() => {
    const walked = before.current !== null && shown !== null && before.current !== shown;
    before.current = shown;
    const { activeElement, body } = document;
    if (walked && (activeElement === body || panel.current?.contains(activeElement)))
      panel.current?.querySelector<HTMLElement>('#detail-panel')?.focus();
  }, [shown]);
  return panel;
}

function Tabbed({ tab, detail }: { tab: Tab; detail: ResourceDetail }) {
  if (tab === 'changes') return <ChangeList changes={detail.changes} />;
  if (tab === 'raw') return <Raw value={detail.raw} />;
  return <Overview detail={detail} />;
}

const LABELS: Readonly<Record<Tab, string>> = { overview: 'Overview', changes: 'Changes', raw: 'Raw' };

function TabList({ tab, changes, onTab }: { tab: Tab; changes: number; onTab(tab: Tab): void }) {
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label="Detail"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by === undefined) return;
        const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
        if (!next) return;
        event.preventDefault();
        onTab(next);
        document.getElementById(`tab-${next}`)?.focus();
      }}
    >
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={one === tab}
          aria-controls="detail-panel"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onTab(one)}
        >
          {LABELS[one]}
          {one === 'changes' && changes > 0 ? <span className="tab-count"> {changes}</span> : null}
        </button>
      ))}
    </div>
  );
}

function Without({ error, missing, onClose }: { error: Error | null; missing: boolean; onClose(): void }) {
  return (
    <div className="detail-without" role="status">
      <p>
        {missing ? 'There is no such resource, nor was there one that is remembered.' : (error?.message ?? 'Reading')}
      </p>
      <button type="button" className="button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
