'use client';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { PAGE_SIZE, type Pages } from '../data/use-pages.ts';
import { ROW_HEIGHT } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import { HeaderRow } from './header-row.tsx';
import { PlaceholderRow, Row } from './row.tsx';
import { useAnchor } from './use-anchor.ts';
import { useColumns } from './use-columns.ts';
import { useGridFocus } from './use-grid-focus.ts';
import { usePlace, usePlacedRow } from './use-place.ts';
import { HEADER_HEIGHT, useVirtualRows } from './use-virtual-rows.ts';

interface Props {
  pages: Pages;
  /** Called with the pages that the visible rows are on, in order. */
  onWant(pages: readonly number[]): void;
}

// While the list flies by, pages are not asked for that are gone before they come.
const SETTLE_MS = 60;

/** The list of everything: virtual rows over the whole result, of any length. */
export function FleetTable({ pages, onWant }: Props) {
  const { view, go } = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(usePlacedRow(view));
  const rowHeight = ROW_HEIGHT[view.density];
  const { columns, headers, template, width, resize } = useColumns();
  const rows = useVirtualRows({ count: pages.total, rowHeight, scroller, pinned: current });
  const open = (index: number, step: 'push' | 'later') => {
    const uid = pages.at(index)?.uid;
    if (uid !== undefined && uid !== view.selected) go({ selected: uid }, step);
  };
  const focus = useGridFocus({
    count: pages.total,
    page: Math.max(1, Math.floor((rows.viewport - HEADER_HEIGHT) / rowHeight) - 1),
    scroller,
    current,
    setCurrent,
    reveal: rows.reveal,
    onOpen: (index) => open(index, 'push'),
    onClose: () => view.selected !== null && go({ selected: null }),
    onWalk: (index) => view.selected !== null && open(index, 'later'),
  });
  const pointer = useAnchor({
    pages,
    offset: rows.offset,
    viewport: rows.viewport,
    rowHeight,
    selected: view.selected,
    focused: current,
    onShift: (by) => setCurrent((index) => index + by),
    scrollTo: rows.scrollTo,
  });
  usePlace(scroller, { view, offset: rows.offset, current }, rows.scrollTo, focus.focusRow);
  useWantedPages(rows.first, rows.last, current, onWant);
  useTopOnNewQuestion(pages.question, rows.scrollTo, setCurrent);

  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>('[data-uid]');
    if (!row || target?.closest('a,button') || getSelection()?.type === 'Range') return;
    const index = Number(row.dataset.index);
    focus.focusRow(index);
    open(index, 'push');
  };

  return (
    <div
      className={`scroller density-${view.density}${pages.waiting ? ' is-waiting' : ''}`}
      ref={scroller}
      data-scroller
      {...pointer}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element */}
      <div
        role="grid"
        className="grid"
        aria-label="Fleet"
        aria-rowcount={pages.total + 1}
        aria-colcount={columns.length}
        aria-busy={pages.waiting}
        style={{ '--columns': template, '--grid-width': `${width}px`, '--row': `${rowHeight}px`, height: rows.height }}
        onClick={onClick}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
      >
        <HeaderRow columns={columns} headers={headers} resize={resize} sort={view.sort} />
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element */}
        <div
          role="rowgroup"
          className="layer"
          style={rows.layer === 0 ? undefined : { transform: `translateY(${rows.layer}px)` }}
        >
          {rows.items.map(({ index, start }) => {
            const item = pages.at(index);
            const top = start - rows.base;
            return item ? (
              <Row
                key={item.uid}
                item={item}
                index={index}
                top={top}
                columns={columns}
                selected={item.uid === view.selected}
                focusable={index === focus.current}
              />
            ) : (
              <PlaceholderRow key={index} index={index} top={top} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The pages of the visible rows, and that of the row with the focus: it must not lose its content. */
function useWantedPages(first: number, last: number, focused: number, onWant: Props['onWant']) {
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.floor(last / PAGE_SIZE);
  const also = Math.floor(focused / PAGE_SIZE);
  useEffect(() => {
    const visible = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const wanted = visible.includes(also) ? visible : [...visible, also];
    const timer = setTimeout(() => onWant(wanted), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [from, to, also, onWant]);
}

/** Another question begins at its first row. */
function useTopOnNewQuestion(question: object, scrollTo: (real: number) => void, setCurrent: (index: number) => void) {
  const shown = useRef(question);
  useEffect(() => {
    if (shown.current === question) return;
    shown.current = question;
    scrollTo(0);
    setCurrent(0);
  }, [question, scrollTo, setCurrent]);
}
