'use client';
import { memo } from 'react';
import type { Item } from '#lib/api/resources.ts';
import { Cell } from '../cells/cell.tsx';
import type { Column } from './columns.ts';
import { useGlow } from './use-glow.ts';

interface Props {
  item: Item;
  index: number;
  /** px from the top of the layer. */
  top: number;
  columns: readonly Column[];
  selected: boolean;
  /** The one row that Tab reaches. */
  focusable: boolean;
}

/** One resource. Its cells can be walked with the left and right arrow keys. */
export const Row = memo(function Row({ item, index, top, columns, selected, focusable }: Props) {
  const glow = useGlow(item, columns);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
    <div
      role="row"
      className={`tr row${selected ? ' is-selected' : ''}${glow ? ' glow' : ''}${item.scopeState === 'fresh' ? '' : ' is-old'}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      data-index={index}
      data-uid={item.uid}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map((column, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
        <div
          key={column.key}
          role="gridcell"
          tabIndex={-1}
          aria-colindex={i + 1}
          data-column={column.key}
          className={`td ${column.align}`}
        >
          <Cell column={column} item={item} />
        </div>
      ))}
    </div>
  );
});

/** A row whose page is on the way: its place, and nothing that could be read as data. */
export const PlaceholderRow = memo(function PlaceholderRow({ index, top }: { index: number; top: number }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
    <div
      role="row"
      className="tr row is-placeholder"
      aria-rowindex={index + 2}
      aria-busy="true"
      tabIndex={-1}
      data-index={index}
      style={{ transform: `translateY(${top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: there is nothing in it yet */}
      <div role="gridcell" className="td">
        <span className="bone" style={{ width: `${38 + ((index * 37) % 41)}%` }} />
        <span className="sr-only">loading</span>
      </div>
    </div>
  );
});
