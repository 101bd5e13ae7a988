'use client';
import { useLive } from '../data/use-live.tsx';
import { useNow } from '../data/use-now.ts';
import { span } from '../text/format.ts';

const GRACE_MS = 8_000;

/** What one sees is older than it looks: says so, and how old, until the stream is back. */
export function LostBanner({ updatedAt }: { updatedAt: number }) {
  const live = useLive();
  const now = useNow();
  if (live.state !== 'lost' || now - live.since < GRACE_MS) return null;
  return (
    <div className="banner" role="alert">
      <b>Muster does not answer.</b> What you see is {span(now - updatedAt)} old. Trying again by itself; a reload helps
      if the server was updated.
      <button type="button" className="link" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  );
}
