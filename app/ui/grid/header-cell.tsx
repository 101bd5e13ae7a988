'use client';
import type { KeyboardEvent } from 'react';
import { Icon } from '../shell/icons.tsx';
import { ColumnEdge } from './column-edge.tsx';
import type { Column } from './columns.ts';

export type Direction = 'ascending' | 'descending' | null;

interface Props {
  column: Column;
  /** px that it has. */
  width: number;
  index: number;
  direction: Direction;
  focusable: boolean;
  onSort(): void;
  /** @param to px from the px that it has now */
  onResize(to: (width: number) => number): void;
}

const STEP = 16;

/** One heading: sorts on click or Enter, resizes by its edge or with Alt and the arrow keys. */
export function HeaderCell({ column, width, index, direction, focusable, onSort, onResize }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.key === 'ArrowRight' ? STEP : -STEP;
    onResize((width) => width + by);
  };
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
    <div
      role="columnheader"
      className={`th ${column.align}`}
      aria-colindex={index + 1}
      aria-sort={direction ?? (column.sortable ? 'none' : undefined)}
    >
      <button
        type="button"
        className="th-button"
        data-header={index}
        tabIndex={focusable ? 0 : -1}
        title={`${column.help}${column.sortable ? '' : ' (not sortable)'}`}
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
        onClick={column.sortable ? onSort : undefined}
        onKeyDown={onKeyDown}
      >
        <span>{column.label}</span>
        {direction ? <Icon name={direction} size={12} /> : null}
      </button>
      <ColumnEdge
        width={width}
        onDrag={(to) => onResize(() => to)}
        onDoubleClick={() => onResize(() => column.width)}
      />
    </div>
  );
}
