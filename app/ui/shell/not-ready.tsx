'use client';
import { useEffect, useState } from 'react';
import type { Readiness } from '#lib/web/service.ts';
import { count } from '../text/format.ts';

const ASK_MS = 500;

/** The web process still reads the store into memory: shows how far it is, and the fleet once it is done. */
export function NotReady({ initial }: { initial: Readiness }) {
  const [readiness, setReadiness] = useState(initial);
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch('/readyz').catch(() => null);
      const now = (await answer?.json().catch(() => null)) as Readiness | null;
      if (now?.state === 'ready') location.reload();
      else if (now?.state === 'building' || now?.state === 'failed') setReadiness(now);
    }, ASK_MS);
    return () => clearInterval(timer);
  }, []);
  if (readiness.state === 'failed') {
    return (
      <div className="state-page" role="alert">
        <h1>The fleet cannot be shown</h1>
        <p>{readiness.message}</p>
      </div>
    );
  }
  const { done, total } = readiness.state === 'building' ? readiness : { done: 1, total: 1 };
  return (
    <div className="state-page" role="status">
      <h1>Reading the store</h1>
      <p>
        {count(done)} of {count(total)} resources
      </p>
      <progress className="progress" max={Math.max(total, 1)} value={done} aria-label="Resources read" />
    </div>
  );
}
