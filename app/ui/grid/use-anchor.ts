'use client';
import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import { type Anchor, findAnchor } from './anchor.ts';
import type { Lines } from './lines.ts';
import { HEADER_HEIGHT } from './use-virtual-rows.ts';

type Arranged = Pick<Lines, 'at' | 'arrangement'>;

interface Options {
  lines: Arranged;
  offset: number;
  viewport: number;
  rowHeight: number;
  selected: string | null;
  /** Index of the row with the focus, and how to move it along. */
  focused: number;
  onShift(by: number): void;
  scrollTo(real: number): void;
}

/**
 * Keeps the reader's place: when rows come or go above, the list is scrolled by as much, so that the row under the pointer, the
 * open one or the first visible one stays where it is. At the very top with nothing in hand new rows may push in.
 */
export function useAnchor({ lines, offset, viewport, rowHeight, selected, focused, onShift, scrollTo }: Options) {
  const hovered = useRef<number | null>(null);
  const before = useRef<{ anchors: Anchor[]; focused: Anchor | null; arrangement: object } | null>(null);

  useLayoutEffect(() => {
    const last = before.current;
    const uidAt = (index: number) => lines.at(index)?.uid;
    if (last && last.arrangement === lines.arrangement && last.anchors.length > 0) {
      const held = offset > 0 || hovered.current !== null || selected !== null;
      const found = findAnchor(last.anchors, uidAt);
      const by = found ? found.index - found.anchor.index : 0;
      if (held && by !== 0) scrollTo(Math.max(0, offset + by * rowHeight));
      const moved = last.focused && findAnchor([last.focused], uidAt);
      if (moved && moved.index !== moved.anchor.index) onShift(moved.index - moved.anchor.index);
    }
    before.current = {
      anchors: anchorsOf(lines, offset, viewport, rowHeight, hovered.current, selected),
      focused: anchorAt(lines, focused),
      arrangement: lines.arrangement,
    };
  });

  return {
    onPointerMove: (event: PointerEvent) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
      hovered.current = row ? Number(row.dataset.index) : null;
    },
    onPointerLeave: () => {
      hovered.current = null;
    },
  };
}

function anchorAt(lines: Arranged, index: number): Anchor | null {
  const item = lines.at(index);
  return item ? { uid: item.uid, index } : null;
}

/** Candidates in the order in which they matter. */
function anchorsOf(
  lines: Arranged,
  offset: number,
  viewport: number,
  rowHeight: number,
  hovered: number | null,
  selected: string | null,
): Anchor[] {
  const first = Math.ceil(offset / rowHeight);
  const last = Math.floor((offset + viewport - HEADER_HEIGHT) / rowHeight);
  const visible: Anchor[] = [];
  for (let index = first; index < last; index++) {
    const anchor = anchorAt(lines, index);
    if (anchor) visible.push(anchor);
  }
  const hand = hovered === null ? null : anchorAt(lines, hovered);
  const open = visible.find((anchor) => anchor.uid === selected);
  return [...(hand ? [hand] : []), ...(open ? [open] : []), ...visible];
}
