'use client';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { leavePlace, placeIn } from '../view/place.ts';
import type { View } from '../view/view.ts';

/** The row to begin with: the one that had the focus when the list was left in this view. */
export const usePlacedRow = (view: View): number => useState(() => placeIn(view)?.current ?? 0)[0];

/** Puts the list where it was when one comes back to it, and remembers where it is for when one leaves. */
export function usePlace(
  scroller: RefObject<HTMLElement | null>,
  now: { view: View; offset: number; current: number },
  scrollTo: (real: number) => void,
  focusRow: (index: number) => void,
): void {
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (!begun.current) {
      begun.current = true;
      const place = placeIn(now.view);
      if (place && place.offset > 0) scrollTo(place.offset);
      // Who came back by key goes on by key.
      if (place && (document.activeElement === null || document.activeElement === document.body))
        focusRow(place.current);
      return;
    }
    if (scroller.current) leavePlace(now);
  });
}
