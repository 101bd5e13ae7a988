'use client';
import { useEffect, useRef, useState } from 'react';
import { type Token, tokens } from '#lib/language/grammar/index.ts';
import { useView } from '../view/view-provider.tsx';

const PAUSE_MS = 220;

/** A value that is still being typed would filter for its beginning: it waits for a space, Enter or the end of typing. */
const isOpen = (token: Token | undefined, caret: number): boolean => token?.field != null && token.end === caret;

/** The text in the filter bar and when it becomes the filter: words as one types, clauses when they are whole. */
export function useFilterText() {
  const { view, go } = useView();
  const [text, setText] = useState(view.q);
  const committed = useRef(view.q);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** One visit to the bar is one step back, however many letters it took. */
  const pushed = useRef(false);

  // Facets, back and links change the filter too.
  useEffect(() => {
    if (view.q === committed.current) return;
    committed.current = view.q;
    setText(view.q);
  }, [view.q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const commit = (next: string): boolean => {
    clearTimeout(timer.current);
    if (tokens(next).some((token) => token.diagnostic !== null)) return false;
    const q = next.trim();
    if (q === committed.current) return true;
    committed.current = q;
    go({ q }, pushed.current ? 'replace' : 'push');
    pushed.current = true;
    return true;
  };

  const type = (next: string, caret: number) => {
    setText(next);
    clearTimeout(timer.current);
    if (
      isOpen(
        tokens(next).findLast((token) => token.start < caret),
        caret,
      )
    )
      return;
    timer.current = setTimeout(() => commit(next), PAUSE_MS);
  };

  return {
    text,
    type,
    commit,
    set: (next: string) => {
      setText(next);
      return commit(next);
    },
    begin: () => {
      pushed.current = false;
    },
  };
}
