'use client';
import dynamic from 'next/dynamic';
import { Reading } from '../shell/reading.tsx';

// What not every visit needs is loaded when it is asked for: the list comes first.
export const TreeTable = dynamic(() => import('../grid/tree/tree-table.tsx').then((loaded) => loaded.TreeTable), {
  loading: Reading,
});
export const WhyPanel = dynamic(() => import('../figures/why-panel.tsx').then((loaded) => loaded.WhyPanel));
