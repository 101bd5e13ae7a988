'use client';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { readView, type View, writeView } from './view.ts';

/**
 * `push` makes a step that back undoes, `replace` does not, `later` replaces once the reader pauses: browsers refuse to
 * rewrite the address for every arrow key of somebody who walks through rows.
 */
export type Step = 'push' | 'replace' | 'later';

/** Of the view as it is: two keys can come between two renderings. */
type Change = Partial<View> | ((view: View) => Partial<View>);

interface Navigation {
  view: View;
  go(change: Change, step?: Step): void;
}

const Context = createContext<Navigation | null>(null);
const LATER_MS = 250;

export function useView(): Navigation {
  const navigation = useContext(Context);
  if (!navigation) throw new Error('useView needs a ViewProvider');
  return navigation;
}

/** Holds the view and keeps the address in step with it. */
export function ViewProvider({ search, children }: { search: string; children: ReactNode }) {
  const [view, setView] = useState(() => readView(new URLSearchParams(search)));
  const latest = useRef(view);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const show = useCallback((next: View) => {
    latest.current = next;
    setView(next);
  }, []);

  const go = useCallback(
    (change: Change, step: Step = 'push') => {
      const next = { ...latest.current, ...(typeof change === 'function' ? change(latest.current) : change) };
      show(next);
      clearTimeout(timer.current);
      const write = () => {
        const address = `${location.pathname}${writeView(next)}`;
        if (address === location.pathname + location.search) return;
        if (step === 'push') history.pushState(null, '', address);
        else history.replaceState(null, '', address);
      };
      if (step === 'later') timer.current = setTimeout(write, LATER_MS);
      else write();
    },
    [show],
  );

  useEffect(() => {
    const read = () => {
      clearTimeout(timer.current);
      show(readView(new URLSearchParams(location.search)));
    };
    // A page kept by the router can be older than the address it comes back to.
    if (writeView(latest.current) !== writeView(readView(new URLSearchParams(location.search)))) read();
    addEventListener('popstate', read);
    return () => {
      clearTimeout(timer.current);
      removeEventListener('popstate', read);
    };
  }, [show]);

  const navigation = useMemo(() => ({ view, go }), [view, go]);
  return <Context value={navigation}>{children}</Context>;
}
