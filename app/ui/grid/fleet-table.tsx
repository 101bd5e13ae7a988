'use client';
import { useCallback } from 'react';
import type { Pages } from '../data/use-pages.ts';
import { type Want, wantFor } from './lines.ts';
import { Row, type RowProps } from './row.tsx';
import { VirtualGrid } from './virtual-grid.tsx';

interface Props {
  pages: Pages;
  /** Called with the pages that the visible rows are on, in order. */
  onWant(pages: readonly number[]): void;
}

const wantAt = (index: number): Want => wantFor(null, index);
const renderRow = (row: RowProps) => <Row {...row} />;

/** The list of everything. */
export function FleetTable({ pages, onWant }: Props) {
  const { total: count, at, question, waiting } = pages;
  const want = useCallback((wants: readonly Want[]) => onWant(wants.map(({ page }) => page)), [onWant]);
  const lines = { count, at, wantAt, question, arrangement: question, waiting };
  return <VirtualGrid role="grid" label="Fleet" lines={lines} onWant={want} renderRow={renderRow} />;
}
