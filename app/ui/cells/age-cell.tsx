'use client';
import { useNow } from '../data/use-now.ts';
import { exactTime, span } from '../text/format.ts';

export function AgeCell({ since }: { since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={exactTime(since)}>
      {span(now - Date.parse(since))}
    </time>
  );
}
