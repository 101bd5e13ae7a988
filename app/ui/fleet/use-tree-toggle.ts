'use client';
import { useCallback } from 'react';
import { withoutGroup } from '../filter/group-of.ts';
import { useView } from '../view/view-provider.tsx';

/** From rows to the tree and back; sums would hide the tree, so the group goes. */
export function useTreeToggle(): () => void {
  const { view, go } = useView();
  const { mode, q } = view;
  return useCallback(() => {
    const grouped = withoutGroup(q) !== q;
    if (mode === 'tree' && !grouped) go({ mode: 'rows' });
    else go({ mode: 'tree', q: withoutGroup(q) });
  }, [mode, q, go]);
}
