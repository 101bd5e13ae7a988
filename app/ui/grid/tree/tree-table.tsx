'use client';
import { type KeyboardEvent, useState } from 'react';
import type { Question } from '../../data/use-pages.ts';
import { withoutGroup } from '../../filter/group-of.ts';
import { Failed } from '../../fleet/failed.tsx';
import type { Want } from '../lines.ts';
import { VirtualGrid } from '../virtual-grid.tsx';
import { TreeRow } from './tree-row.tsx';
import { useTree } from './use-tree.ts';

// Indented, with what stands on it beside it.
const NAME_WIDTH = 340;
const NOTHING: readonly Want[] = [];

/** The list as a tree: machines on what they run on. A line opens by its triangle and by the right arrow key. */
export function TreeTable({ question }: { question: Question }) {
  const [wanted, setWanted] = useState(NOTHING);
  const { lines, lineAt, parentOf, toggle, error, retry } = useTree(question, wanted);
  const filtered = withoutGroup(question.q).trim() !== '';

  const onRowKey = (event: KeyboardEvent, index: number, goTo: (index: number) => void) => {
    const line = lineAt(index);
    if (!line?.entry || event.altKey || event.ctrlKey || event.metaKey) return;
    const closed = line.entry.children > 0 && !line.open;
    if ((event.key === 'ArrowRight' && closed) || (event.key === 'ArrowLeft' && line.open)) {
      event.preventDefault();
      toggle(line);
    } else if (event.key === 'ArrowLeft') {
      const below = parentOf(line);
      if (below === null) return;
      event.preventDefault();
      goTo(below);
    }
  };
  const onRowClick = (target: Element, index: number): boolean => {
    const line = target.closest('[data-twisty]') ? lineAt(index) : null;
    if (line) toggle(line);
    return line !== null;
  };

  if (error && lines.empty) return <Failed error={error} onRetry={retry} />;
  return (
    <VirtualGrid
      role="treegrid"
      label="Fleet as a tree"
      lines={lines}
      nameWidth={NAME_WIDTH}
      onWant={setWanted}
      onRowKey={onRowKey}
      onRowClick={onRowClick}
      renderRow={(row) => {
        const line = lineAt(row.index);
        return line?.entry ? <TreeRow {...row} line={line} entry={line.entry} filtered={filtered} /> : null;
      }}
    />
  );
}
