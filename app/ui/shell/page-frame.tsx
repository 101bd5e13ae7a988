'use client';
import type { ReactNode } from 'react';
import { LostBanner } from './lost-banner.tsx';

interface Props {
  /** The line at the top: which page it is, and what can be done with all of it. */
  head: ReactNode;
  /** Why what is shown could not be asked for anew. */
  error: Error | null;
  /** When what is shown came, epoch ms: it is said once the server is lost. */
  updatedAt?: number;
  children: ReactNode;
}

/** What pages beside the fleet have in common: their head, what is wrong, and what they show. */
export function PageFrame({ head, error, updatedAt, children }: Props) {
  return (
    <main className="page">
      <header className="page-head">{head}</header>
      {updatedAt === undefined ? null : <LostBanner updatedAt={updatedAt} />}
      {error ? <p className="hint is-bad">{error.message} What follows is older.</p> : null}
      {children}
    </main>
  );
}

/** The part of a page that scrolls. */
export function PageBody({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="page-body" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
