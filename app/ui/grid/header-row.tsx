'use client';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useView } from '../view/view-provider.tsx';
import { type Direction, HeaderCell } from './header-cell.tsx';
import type { useColumns } from './use-columns.ts';

type Props = Pick<ReturnType<typeof useColumns>, 'columns' | 'widths' | 'resize'> & { sort: string };

const directionOf = (sort: string, key: string): Direction =>
  sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : null;

/** The headings: one Tab stop, arrow keys between them. */
export function HeaderRow({ columns, widths, resize, sort }: Props) {
  const { go } = useView();
  const [focused, setFocused] = useState(0);
  const row = useRef<HTMLDivElement>(null);
  const current = Math.min(focused, columns.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: columns.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= columns.length) return;
    event.preventDefault();
    setFocused(to);
    row.current?.querySelector<HTMLElement>(`[data-header="${to}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
    <div role="rowgroup" className="thead">
      {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element */}
      <div role="row" aria-rowindex={1} className="tr" ref={row} onKeyDown={onKeyDown}>
        {columns.map((column, index) => {
          const direction = directionOf(sort, column.key);
          return (
            <HeaderCell
              key={column.key}
              column={column}
              width={widths[index] ?? column.width}
              index={index}
              direction={direction}
              focusable={index === current}
              onSort={() => {
                setFocused(index);
                go({ sort: direction === 'ascending' ? `-${column.key}` : column.key });
              }}
              onResize={(to) => resize(column.key, to)}
            />
          );
        })}
      </div>
    </div>
  );
}
