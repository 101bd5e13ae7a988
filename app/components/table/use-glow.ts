'use client';
import { useEffect, useRef, useState } from 'react';
import type { Item } from '#lib/api/resources.ts';
import type { Column } from './columns.ts';

const GLOW_MS = 1_600;

/** What a row says, as one text: a change that nobody can see does not glow. */
const said = (item: Item, columns: readonly Column[]): string =>
  `${item.note}\n${columns.map(({ field }) => String(field.get(item))).join('\n')}`;

/** True for a moment after a shown value of the same resource has changed. */
export function useGlow(item: Item, columns: readonly Column[]): boolean {
  const [glow, setGlow] = useState(false);
  const before = useRef({ item, columns });
  useEffect(() => {
    const { item: old, columns: same } = before.current;
    before.current = { item, columns };
    if (old === item || old.uid !== item.uid || same !== columns) return;
    if (said(old, columns) === said(item, columns)) return;
    setGlow(true);
    const timer = setTimeout(() => setGlow(false), GLOW_MS);
    return () => clearTimeout(timer);
  }, [item, columns]);
  return glow;
}
