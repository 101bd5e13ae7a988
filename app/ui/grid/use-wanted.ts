'use client';
import { useEffect } from 'react';
import { type Want, wantKey } from './lines.ts';

const SETTLE_MS = 60;

/** Tells which pages are in sight. While the list flies by, none is asked for that is gone before it comes. */
export function useWanted(wants: readonly Want[], onWant: (wants: readonly Want[]) => void): void {
  const key = wants.map(wantKey).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is new each time; its key says whether it changed
  useEffect(() => {
    const timer = setTimeout(() => onWant(wants), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [key, onWant]);
}
