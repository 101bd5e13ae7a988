'use client';
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react';

interface Options {
  count: number;
  current: number;
  setCurrent(index: number): void;
  /** Rows of one PageUp or PageDown. */
  page: number;
  scroller: RefObject<HTMLDivElement | null>;
  reveal(index: number): void;
  onOpen(index: number): void;
  onClose(): void;
  /** The focus has moved to a row by key. */
  onWalk(index: number): void;
}

const indexOf = (target: EventTarget): number | null => {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : null;
};
const columnOf = (target: EventTarget): string | null =>
  (target instanceof Element ? target.closest<HTMLElement>('[data-column]')?.dataset.column : null) ?? null;

/**
 * The roving focus of the grid: one row can be reached by Tab; arrows, Home, End and the Page keys move it; left and right walk
 * through the row's cells; it follows clicks. `column` is null while the row itself has the focus.
 */
export function useGridFocus({ count, page, scroller, reveal, onOpen, onClose, onWalk, ...options }: Options) {
  const { setCurrent } = options;
  const pending = useRef<{ index: number; column: string | null } | null>(null);
  const current = Math.max(0, Math.min(options.current, count - 1));

  // The row is rendered in the same commit that made it current, so the focus never falls back to the page.
  useLayoutEffect(() => {
    const wanted = pending.current;
    if (!wanted) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.index}"]`);
    if (!row) return;
    // Whoever has gone elsewhere meanwhile stays there.
    const active = document.activeElement;
    const elsewhere = active !== null && active !== document.body && !scroller.current?.contains(active);
    // A placeholder is replaced when its page comes, and takes the focus with it: the row that follows gets it then.
    if (row.dataset.uid !== undefined || elsewhere) pending.current = null;
    if (elsewhere) return;
    const cell = wanted.column ? row.querySelector<HTMLElement>(`[data-column="${wanted.column}"]`) : null;
    const target = cell ?? row;
    if (target !== active) target.focus({ preventScroll: true });
  });

  const move = (to: number, column: string | null) => {
    const next = Math.max(0, Math.min(to, count - 1));
    if (next === current) return;
    pending.current = { index: next, column };
    setCurrent(next);
    reveal(next);
    onWalk(next);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.metaKey || event.shiftKey) return;
    const at = indexOf(event.target);
    if (at === null) return;
    const column = columnOf(event.target);
    const rowKeys: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      ...(column === null || event.ctrlKey ? { Home: 0, End: count - 1 } : {}),
    };
    const to = rowKeys[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to, column);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onOpen(current);
    } else if (event.key === 'Escape') {
      onClose();
    } else if (walkCells(event, scroller.current, at, column)) {
      event.preventDefault();
    }
  };

  const onFocus = (event: FocusEvent) => {
    const at = indexOf(event.target);
    if (at !== null && at !== current) setCurrent(at);
  };

  const focusRow = (to: number) => {
    pending.current = { index: to, column: null };
    setCurrent(to);
  };

  return { current, focusRow, onKeyDown, onFocus };
}

/** Left, right, Home and End inside of a row. Returns whether the key meant that. */
function walkCells(event: KeyboardEvent, grid: HTMLElement | null, index: number, column: string | null): boolean {
  const row = grid?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  const cells = [...(row?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  const at = cells.findIndex((cell) => cell.dataset.column === column);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: cells.length - 1 }[event.key];
  if (to === undefined || to < -1 || to >= cells.length) return false;
  const cell = to === -1 ? row : cells[to];
  cell?.focus({ preventScroll: true });
  cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return true;
}
