'use client';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import { ScrollScale } from './scroll-scale.ts';

export const HEADER_HEIGHT = 32;
const OVERSCAN = 8;
// The first picture must be the same on the server and in the browser, whatever the window's height.
const FIRST_RECT = { width: 1200, height: 920 };
// Coordinates of this size keep whole pixels in a transform; beyond 16 million they do not.
const BASE_STEP = 1_000_000;

interface Options {
  count: number;
  rowHeight: number;
  scroller: RefObject<HTMLDivElement | null>;
  /** Rows that stay rendered wherever one scrolls to: the one with the focus. */
  pinned: number | null;
}

/** Which rows are rendered and where. All positions are real px of the list, whatever a browser can lay out. */
export function useVirtualRows({ count, rowHeight, scroller, pinned }: Options) {
  const [scale] = useState(() => new ScrollScale());
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    paddingStart: HEADER_HEIGHT,
    initialRect: FIRST_RECT,
    useFlushSync: false,
    rangeExtractor: (range) => {
      const rows = defaultRangeExtractor(range);
      if (pinned === null || pinned >= range.count || rows.includes(pinned)) return rows;
      return pinned < (rows[0] ?? 0) ? [pinned, ...rows] : [...rows, pinned];
    },
    observeElementOffset: (instance, report) => {
      const element = instance.scrollElement;
      if (!element) return;
      const onScroll = () => report(scale.toReal(element.scrollTop), true);
      const onEnd = () => report(scale.toReal(element.scrollTop), false);
      onEnd();
      element.addEventListener('scroll', onScroll, { passive: true });
      element.addEventListener('scrollend', onEnd, { passive: true });
      return () => {
        element.removeEventListener('scroll', onScroll);
        element.removeEventListener('scrollend', onEnd);
      };
    },
    scrollToFn: (offset, { adjustments = 0 }, instance) => {
      instance.scrollElement?.scrollTo({ top: scale.toDom(offset + adjustments) });
    },
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a height that changed must be measured again
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const total = virtualizer.getTotalSize();
  const viewport = virtualizer.scrollRect?.height ?? FIRST_RECT.height;
  scale.resize(total, viewport);
  const offset = virtualizer.scrollOffset ?? 0;
  const items = virtualizer.getVirtualItems();
  const scaled = scale.ratio > 1;
  const base = scaled ? Math.floor(offset / BASE_STEP) * BASE_STEP : 0;

  useWheel(scroller, scaled, scale);

  return useMemo(
    () => ({
      items,
      /** The rows in sight, and a few on both sides. */
      first: Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN),
      last: Math.max(0, Math.min(count, Math.ceil((offset + viewport) / rowHeight) + OVERSCAN) - 1),
      offset,
      viewport,
      /** Height of the element that holds the rows. */
      height: scale.height,
      base,
      /** Where the layer of rows begins; rows are placed in it by `start - base`. */
      layer: scaled ? offset / scale.ratio - offset + base : 0,
      scrolling: virtualizer.isScrolling,
      scrollTo: (real: number) => scroller.current?.scrollTo({ top: scale.toDom(real) }),
      /** Scrolls as little as shows the row whole. */
      reveal: (index: number) => {
        const start = HEADER_HEIGHT + index * rowHeight;
        const at = scale.toReal(scroller.current?.scrollTop ?? 0);
        const height = scroller.current?.clientHeight ?? viewport;
        if (start - HEADER_HEIGHT < at) scroller.current?.scrollTo({ top: scale.toDom(start - HEADER_HEIGHT) });
        else if (start + rowHeight > at + height) {
          scroller.current?.scrollTo({ top: scale.toDom(start + rowHeight - height) });
        }
      },
    }),
    [items, offset, viewport, scale, base, scaled, virtualizer.isScrolling, count, rowHeight, scroller],
  );
}

/** A scaled list would jump by several rows a notch: there the wheel moves by its own px. */
function useWheel(scroller: RefObject<HTMLDivElement | null>, scaled: boolean, scale: ScrollScale): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element || !scaled) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0 || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
      element.scrollTop = scale.toDom(scale.toReal(element.scrollTop) + step);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [scroller, scaled, scale]);
}
