'use client';
import {
  type ColumnDef,
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  type Header,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Item } from '#lib/api/resources.ts';
import { useView } from '../view/view-provider.tsx';
import { COLUMNS, type Column, MAX_WIDTH, MIN_WIDTH, shownKeys } from './columns.ts';

const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
  columnOrderingFeature,
});

export type ColumnHeader = Header<typeof features, Item>;

const byKey = new Map(COLUMNS.map((column) => [column.key, column]));
const definitions: ColumnDef<typeof features, Item>[] = COLUMNS.map(({ key, label, width }) => ({
  id: key,
  header: label,
  size: width,
  minSize: MIN_WIDTH,
  maxSize: MAX_WIDTH,
}));
// Rows are virtual and come by page: the table model is asked for columns only.
const NO_ROWS: Item[] = [];

/** The columns of the view: which, in which order and how wide. @param least px that the name gets at least */
export function useColumns(least = 0) {
  const { view, go } = useView();
  const keys = useMemo(() => shownKeys(view), [view]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(COLUMNS.map(({ key }) => [key, keys.includes(key)])),
    [keys],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    columnResizeMode: 'onChange',
    state: { columnSizing: { ...view.widths }, columnVisibility, columnOrder: keys },
    onColumnSizingChange: (update) =>
      go(({ widths }) => ({ widths: typeof update === 'function' ? update({ ...widths }) : update }), 'later'),
  });
  const headers = table.getFlatHeaders();
  const columns = useMemo(
    () => keys.map((key) => byKey.get(key)).filter((column): column is Column => column !== undefined),
    [keys],
  );
  const sizes = headers.map((header, i) => (i === 0 ? Math.max(least, header.getSize()) : header.getSize()));
  return {
    columns,
    headers,
    // The name takes what is left.
    template: sizes.map((size, i) => (i === 0 ? `minmax(${size}px, 1fr)` : `${size}px`)).join(' '),
    width: sizes.reduce((sum, size) => sum + size, 0),
    /** @param to px from the px that it has now */
    resize: (key: string, to: (width: number) => number) =>
      go(({ widths }) => {
        const width = to(widths[key] ?? byKey.get(key)?.width ?? MIN_WIDTH);
        return { widths: { ...widths, [key]: Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)) } };
      }, 'later'),
  };
}
