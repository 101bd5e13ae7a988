'use client';
import { Fragment, type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { ROW_HEIGHT } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import { HeaderRow } from './header-row.tsx';
import { type Lines, type Want, wantsOf } from './lines.ts';
import { PlaceholderRow, type RowProps } from './row.tsx';
import { useAnchor } from './use-anchor.ts';
import { useColumns } from './use-columns.ts';
import { useGridFocus } from './use-grid-focus.ts';
import { usePlace, usePlacedRow } from './use-place.ts';
import { HEADER_HEIGHT, useVirtualRows } from './use-virtual-rows.ts';
import { useWanted } from './use-wanted.ts';

interface Props {
  role: 'grid' | 'treegrid';
  label: string;
  lines: Lines;
  /** px that the name gets at least. */
  nameWidth?: number;
  /** Called with the pages that the visible lines are on. It must not change from one look to the next. */
  onWant(wants: readonly Want[]): void;
  /** Draws a line that is there. */
  renderRow(row: RowProps): ReactNode;
  /** A key on a row, before the keys of every grid; `goTo` moves the focus. */
  onRowKey?(event: KeyboardEvent, index: number, goTo: (index: number) => void): void;
  /** A click on a row: whether it meant something else than to open it. */
  onRowClick?(target: Element, index: number): boolean;
}

/** Virtual rows over lines of any number: one header, one way of the keyboard, one place kept, for the list and for the tree. */
export function VirtualGrid({ role, label, lines, nameWidth, onWant, renderRow, onRowKey, onRowClick }: Props) {
  const { view, go } = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(usePlacedRow(view));
  const rowHeight = ROW_HEIGHT[view.density];
  const { columns, widths, template, width, resize } = useColumns(nameWidth);
  const rows = useVirtualRows({ count: lines.count, rowHeight, scroller, pinned: current });
  const open = (index: number, step: 'push' | 'later') => {
    const uid = lines.at(index)?.uid;
    if (uid !== undefined && uid !== view.selected) go({ selected: uid }, step);
  };
  const focus = useGridFocus({
    count: lines.count,
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
    lines,
    offset: rows.offset,
    viewport: rows.viewport,
    rowHeight,
    selected: view.selected,
    focused: current,
    onShift: (by) => setCurrent((index) => index + by),
    scrollTo: rows.scrollTo,
  });
  usePlace(scroller, { view, offset: rows.offset, current }, rows.scrollTo, focus.focusRow);
  useTopOnNewQuestion(lines.question, rows.scrollTo, setCurrent);
  useWanted(wantsOf(lines, rows.first, rows.last, focus.current), onWant);

  const goTo = (index: number) => {
    focus.focusRow(index);
    rows.reveal(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement && event.target.role === 'row' ? event.target : null;
    if (row?.dataset.index !== undefined) onRowKey?.(event, Number(row.dataset.index), goTo);
    focus.onKeyDown(event);
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>('[data-uid]');
    if (!target || !row || target.closest('a,button') || getSelection()?.type === 'Range') return;
    const index = Number(row.dataset.index);
    focus.focusRow(index);
    if (onRowClick?.(target, index) !== true) open(index, 'push');
  };

  return (
    <div
      className={`scroller density-${view.density}${lines.waiting ? ' is-waiting' : ''}`}
      ref={scroller}
      data-scroller
      {...pointer}
    >
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have these */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles of a grid */}
      <div
        role={role}
        className="grid"
        aria-label={label}
        aria-rowcount={lines.count + 1}
        aria-colcount={columns.length}
        aria-busy={lines.waiting || lines.empty === true}
        style={{ '--columns': template, '--grid-width': `${width}px`, '--row': `${rowHeight}px`, height: rows.height }}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={focus.onFocus}
      >
        <HeaderRow columns={columns} widths={widths} resize={resize} sort={view.sort} />
        {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element */}
        <div
          role="rowgroup"
          className="lines"
          style={rows.layer === 0 ? undefined : { transform: `translateY(${rows.layer}px)` }}
        >
          {rows.items.map(({ index, start }) => {
            const item = lines.at(index);
            const top = start - rows.base;
            if (!item) return <PlaceholderRow key={index} index={index} top={top} />;
            const selected = item.uid === view.selected;
            const row = { item, index, top, columns, selected, focusable: index === focus.current };
            return <Fragment key={item.uid}>{renderRow(row)}</Fragment>;
          })}
        </div>
      </div>
    </div>
  );
}

/** Another question begins at its first line. */
function useTopOnNewQuestion(question: object, scrollTo: (real: number) => void, setCurrent: (index: number) => void) {
  const shown = useRef(question);
  useEffect(() => {
    if (shown.current === question) return;
    shown.current = question;
    scrollTo(0);
    setCurrent(0);
  }, [question, scrollTo, setCurrent]);
}
