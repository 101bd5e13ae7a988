'use client';
import { memo } from 'react';
import { Cell } from '../cells/cell.tsx';
import { Icon } from '../icons.tsx';
import type { Column } from '../table/columns.ts';
import { FIRST } from '../table/columns.ts';
import { useGlow } from '../table/use-glow.ts';
import { standingWords } from './standing-words.ts';
import type { TreeLine } from './use-tree.ts';

interface Props {
  line: TreeLine & { entry: NonNullable<TreeLine['entry']> };
  index: number;
  /** px from the top of the layer. */
  top: number;
  columns: readonly Column[];
  selected: boolean;
  focusable: boolean;
  /** Whether the list is filtered, so that the counts of what matches and what is there differ. */
  filtered: boolean;
}

const INDENT = 20;

/** One machine of the tree. Its row opens and closes; its cells are those of the list. */
export const TreeRow = memo(
  function TreeRow({ line, index, top, columns, selected, focusable, filtered }: Props) {
    const { entry, level, of, open } = line;
    const { item, matches, children } = entry;
    const glow = useGlow(item, columns);
    const standing = standingWords(entry, filtered);
    // The tree itself says what a row is on.
    const isSaid = level > 1 && item.host !== null && item.note?.startsWith('on ') === true;
    const shown = standing === null && !isSaid ? item : { ...item, note: null };
    return (
      // biome-ignore lint/a11y/useSemanticElements: a virtual grid cannot be a table element
      <div
        role="row"
        className={`tr row${selected ? ' is-selected' : ''}${glow ? ' glow' : ''}${item.scopeState === 'fresh' ? '' : ' is-old'}${matches ? '' : ' is-dim'}`}
        aria-rowindex={index + 2}
        aria-level={level}
        aria-setsize={of}
        aria-posinset={line.index + 1}
        aria-expanded={children > 0 ? open : undefined}
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
            style={column.key === FIRST ? { paddingLeft: 4 + (level - 1) * INDENT } : undefined}
          >
            {column.key === FIRST ? (
              <>
                <span className={`twist${children > 0 ? '' : ' is-leaf'}`} data-twist={children > 0 ? '' : undefined}>
                  {children > 0 ? <Icon name={open ? 'down' : 'right'} size={12} /> : null}
                </span>
                <Cell column={column} item={shown} />
                {standing === null ? null : (
                  <span className="note standing" title={standing.title}>
                    {standing.text}
                  </span>
                )}
                {matches ? null : <span className="sr-only">does not match the filter</span>}
              </>
            ) : (
              <Cell column={column} item={item} />
            )}
          </div>
        ))}
      </div>
    );
  },
  // A line is made anew with each look; what it says is what counts.
  (before, after) =>
    before.line.entry === after.line.entry &&
    before.line.open === after.line.open &&
    before.line.level === after.line.level &&
    before.line.index === after.line.index &&
    before.line.of === after.line.of &&
    before.index === after.index &&
    before.top === after.top &&
    before.columns === after.columns &&
    before.selected === after.selected &&
    before.focusable === after.focusable &&
    before.filtered === after.filtered,
);
