'use client';
import { useEffect, useRef, useState } from 'react';
import type { Item } from '#lib/api/resources.ts';
import type { Column } from './columns.ts';

const HIGHLIGHT_MS = 1_600;

/** What a row shows, as one text: a change that nobody can see is not highlighted. */
const shownOf = (item: Item, columns: readonly Column[]): string =>
  `${item.note}\n${columns.map(({ field }) => String(field.get(item))).join('\n')}`;

/** True for a moment after a shown value of the same resource has changed. */
export function useHighlight(item: Item, columns: readonly Column[]): boolean {
  const [highlighted, setHighlighted] = useState(false);
  const before = useRef({ item, columns });
  useEffect(() => {
    const { item: old, columns: same } = before.current;
    before.current = { item, columns };
    if (old === item || old.uid !== item.uid || same !== columns) return;
    if (shownOf(old, columns) === shownOf(item, columns)) return;
    setHighlighted(true);
    const timer = setTimeout(() => setHighlighted(false), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [item, columns]);
  return highlighted;
}
