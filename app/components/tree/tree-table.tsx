'use client';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { PAGE_SIZE } from '../data/page-size.ts';
import type { Question } from '../data/use-pages.ts';
import { withoutGroup } from '../groups/group-of.ts';
import { Failed } from '../states/failed.tsx';
import { HeaderRow } from '../table/header-row.tsx';
import { PlaceholderRow } from '../table/row.tsx';
import { useAnchor } from '../table/use-anchor.ts';
import { useColumns } from '../table/use-columns.ts';
import { useGridFocus } from '../table/use-grid-focus.ts';
import { usePlace, usePlacedRow } from '../table/use-place.ts';
import { HEADER_HEIGHT, useVirtualRows } from '../table/use-virtual-rows.ts';
import { ROW_HEIGHT } from '../view/view.ts';
import { useView } from '../view/view-provider.tsx';
import { TreeRow } from './tree-row.tsx';
import { useTree, type Want, wantKey } from './use-tree.ts';

const SETTLE_MS = 60;
// Indented, with what stands on it beside it.
const NAME_WIDTH = 340;
const NOTHING: readonly Want[] = [];

/** The list as a tree: machines on what they run on. A line opens by its triangle and by the right arrow key. */
export function TreeTable({ question }: { question: Question }) {
  const { view, go } = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(NOTHING);
  const [current, setCurrent] = useState(usePlacedRow(view));
  const tree = useTree(question, wanted);
  const { shape, at } = tree;
  const rowHeight = ROW_HEIGHT[view.density];
  const { columns, headers, template, width, resize } = useColumns(NAME_WIDTH);
  const rows = useVirtualRows({ count: shape.count, rowHeight, scroller, pinned: current });
  const open = (index: number, step: 'push' | 'later') => {
    const uid = at(index)?.entry?.item.uid;
    if (uid !== undefined && uid !== view.selected) go({ selected: uid }, step);
  };
  const focus = useGridFocus({
    count: shape.count,
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
    pages: { at: (index) => at(index)?.entry?.item, question: tree.anchored },
    offset: rows.offset,
    viewport: rows.viewport,
    rowHeight,
    selected: view.selected,
    focused: current,
    onShift: (by) => setCurrent((index) => index + by),
    scrollTo: rows.scrollTo,
  });
  usePlace(scroller, { view, offset: rows.offset, current }, rows.scrollTo, focus.focusRow);
  useTopOnNewQuestion(question, rows.scrollTo, setCurrent);
  useWanted(wantsOf(rows.first, rows.last, focus.current, shape), setWanted);

  const toggle = (index: number) => {
    const line = at(index);
    if (line) tree.toggle(line);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement && event.target.role === 'row' ? event.target : null;
    const line = row?.dataset.index === undefined ? null : at(Number(row.dataset.index));
    if (line?.entry && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const closed = line.entry.children > 0 && !line.open;
      if ((event.key === 'ArrowRight' && closed) || (event.key === 'ArrowLeft' && line.open)) {
        event.preventDefault();
        toggle(focus.current);
      } else if (event.key === 'ArrowLeft' && line.parent !== null) {
        event.preventDefault();
        const below = shape.lineOf(line.parent, 0) - 1;
        focus.focusRow(below);
        rows.reveal(below);
      }
    }
    focus.onKeyDown(event);
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>('[data-uid]');
    if (!row || target?.closest('a,button') || getSelection()?.type === 'Range') return;
    const index = Number(row.dataset.index);
    focus.focusRow(index);
    if (target?.closest('[data-twist]')) toggle(index);
    else open(index, 'push');
  };

  if (tree.error && !tree.isReady) return <Failed error={tree.error} onRetry={tree.retry} />;
  return (
    <div
      className={`scroller density-${view.density}${tree.isWaiting ? ' is-waiting' : ''}`}
      ref={scroller}
      data-scroller
      {...pointer}
    >
      <div
        role="treegrid"
        className="grid"
        aria-label="Fleet as a tree"
        aria-rowcount={shape.count + 1}
        aria-colcount={columns.length}
        aria-busy={tree.isWaiting || !tree.isReady}
        style={{ '--columns': template, '--grid-width': `${width}px`, '--row': `${rowHeight}px`, height: rows.height }}
        onClick={onClick}
        onKeyDown={onKeyDown}
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
            const line = at(index);
            const top = start - rows.base;
            return line?.entry ? (
              <TreeRow
                key={line.entry.item.uid}
                line={{ ...line, entry: line.entry }}
                index={index}
                top={top}
                columns={columns}
                selected={line.entry.item.uid === view.selected}
                focusable={index === focus.current}
                filtered={withoutGroup(question.q).trim() !== ''}
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

/** The pages that the visible lines stand on, and that of the line with the focus. */
function wantsOf(first: number, last: number, focused: number, shape: ReturnType<typeof useTree>['shape']): Want[] {
  const wants = new Map<string, Want>();
  const add = (index: number) => {
    const line = shape.at(index);
    if (!line) return;
    const want = { parent: line.parent, page: Math.floor(line.index / PAGE_SIZE) };
    // The first page of the roots is always there.
    if (want.parent !== null || want.page > 0) wants.set(wantKey(want), want);
  };
  for (let index = first; index <= last; index++) add(index);
  add(focused);
  return [...wants.values()];
}

/** While the list flies by, pages are not asked for that are gone before they come. */
function useWanted(wants: readonly Want[], onWant: (wants: readonly Want[]) => void) {
  const key = wants.map(wantKey).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is new each time; its key says whether it changed
  useEffect(() => {
    const timer = setTimeout(() => onWant(wants), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [key, onWant]);
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
