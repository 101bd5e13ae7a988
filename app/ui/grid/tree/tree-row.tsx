'use client';
import { memo } from 'react';
import type { TreeItem } from '#lib/api/stack.ts';
import { Cell } from '../../cells/cell.tsx';
import { Icon } from '../../shell/icons.tsx';
import { FIRST } from '../columns.ts';
import { Row, type RowProps } from '../row.tsx';
import { countWords } from './count-words.ts';
import type { TreeLine } from './use-tree.ts';

interface Props extends RowProps {
  line: TreeLine;
  entry: TreeItem;
  /** Whether the list is filtered, so that the counts of what matches and what is there differ. */
  filtered: boolean;
}

/** One machine of the tree: a row of the list that opens and closes. */
export const TreeRow = memo(
  function TreeRow({ line, entry, filtered, ...row }: Props) {
    const { level, of, open } = line;
    const { item, matches, children } = entry;
    const counts = countWords(entry, filtered);
    // The tree itself shows what a row runs on.
    const isShown = level > 1 && item.host !== null && item.note?.startsWith('on ') === true;
    const shown = counts === null && !isShown ? item : { ...item, note: null };
    const column = row.columns.find(({ key }) => key === FIRST);
    const name = (
      <>
        <span className={`twisty${children > 0 ? '' : ' is-leaf'}`} data-twisty={children > 0 ? '' : undefined}>
          {children > 0 ? <Icon name={open ? 'down' : 'right'} size={12} /> : null}
        </span>
        {column ? <Cell column={column} item={shown} /> : null}
        {counts === null ? null : (
          <span className="note guest-count" title={counts.title}>
            {counts.text}
          </span>
        )}
        {matches ? null : <span className="sr-only">does not match the filter</span>}
      </>
    );
    const place = line.index + 1;
    return <Row {...row} branch={{ level, place, of, open: children > 0 ? open : undefined, dim: !matches, name }} />;
  },
  // A line is a new object with each rendering; only its content counts.
  ({ line: old, ...before }, { line, ...after }) =>
    old.open === line.open &&
    old.level === line.level &&
    old.index === line.index &&
    old.of === line.of &&
    (Object.keys(after) as (keyof typeof after)[]).every((key) => before[key] === after[key]),
);
