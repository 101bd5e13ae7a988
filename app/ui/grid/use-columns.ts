'use client';
import { useMemo } from 'react';
import { useView } from '../view/view-provider.tsx';
import { COLUMNS, type Column, MAX_WIDTH, MIN_WIDTH, shownKeys } from './columns.ts';

const byKey = new Map(COLUMNS.map((column) => [column.key, column]));
const withinLimits = (width: number) => Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width));

/** The columns of the view: which, in which order and how wide. @param least px that the name gets at least */
export function useColumns(least = 0) {
  const { view, go } = useView();
  const { columns: chosen, widths: changed } = view;
  const columns = useMemo(
    () =>
      shownKeys({ columns: chosen })
        .map((key) => byKey.get(key))
        .filter((column): column is Column => column !== undefined),
    [chosen],
  );
  const widths = columns.map(({ key, width }) => withinLimits(changed[key] ?? width));
  const sizes = widths.map((width, i) => (i === 0 ? Math.max(least, width) : width));
  return {
    columns,
    /** px of each column, as the view has them. */
    widths,
    // The name takes what is left.
    template: sizes.map((size, i) => (i === 0 ? `minmax(${size}px, 1fr)` : `${size}px`)).join(' '),
    width: sizes.reduce((sum, size) => sum + size, 0),
    /** @param to px from the px that it has now */
    resize: (key: string, to: (width: number) => number) =>
      go(({ widths }) => {
        const width = to(widths[key] ?? byKey.get(key)?.width ?? MIN_WIDTH);
        return { widths: { ...widths, [key]: withinLimits(width) } };
      }, 'later'),
  };
}
