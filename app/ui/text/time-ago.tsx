'use client';
import { useNow } from '../data/use-now.ts';
import { ago, exactTime } from './format.ts';

/** How long ago, with the exact time beside it on hover. */
export function TimeAgo({ iso }: { iso: string }) {
  const now = useNow();
  return (
    <time dateTime={iso} title={exactTime(iso)}>
      {ago(iso, now)}
    </time>
  );
}
