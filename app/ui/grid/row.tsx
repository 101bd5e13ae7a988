'use client';
import { memo, type ReactNode } from 'react';
import type { Item } from '#lib/api/resources.ts';
import { Cell } from '../cells/cell.tsx';
import { type Column, FIRST } from './columns.ts';
import { useHighlight } from './use-highlight.ts';

export interface RowProps {
  item: Item;
  index: number;
  /** px from the top of the layer. */
  top: number;
  columns: readonly Column[];
  selected: boolean;
  /** The one row that Tab reaches. */
  focusable: boolean;
}

/** Where a row stands in a tree. */
export interface Branch {
  /** Roots have 1. */
  level: number;
  /** Place among its siblings, from 1, and how many they are. */
  place: number;
  of: number;
  /** Undefined where nothing stands on it. */
  open: boolean | undefined;
  /** It is there for what stands on it alone. */
  dim: boolean;
  /** The content of its first cell. */
  name: ReactNode;
}

/** px that each level is further in. */
const INDENT = 20;

/** One resource. Its cells can be walked with the left and right arrow keys. */
export const Row = memo(function Row(props: RowProps & { branch?: Branch }) {
  const { item, index, top, columns, selected, focusable, branch } = props;
  const highlighted = useHighlight(item, columns);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
    <div
      role="row"
      className={`tr row${selected ? ' is-selected' : ''}${highlighted ? ' is-highlighted' : ''}${item.scopeState === 'fresh' ? '' : ' is-old'}${branch?.dim ? ' is-dim' : ''}`}
      aria-rowindex={index + 2}
      aria-level={branch?.level}
      aria-setsize={branch?.of}
      aria-posinset={branch?.place}
      aria-expanded={branch?.open}
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
          style={branch && column.key === FIRST ? { paddingLeft: 4 + (branch.level - 1) * INDENT } : undefined}
        >
          {branch && column.key === FIRST ? branch.name : <Cell column={column} item={item} />}
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
