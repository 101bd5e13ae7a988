'use client';
import { useQuery } from '@tanstack/react-query';
import type { Layer } from '#lib/api/stack.ts';
import { GuestGroups } from './guest-groups.tsx';
import { stackQuery } from './stack-query.ts';

/** Nothing runs on it: what runs beside it on the same machine is what one asks next. */
export function Beside({ uid, host }: { uid: string; host: Layer }) {
  const { data, error } = useQuery(stackQuery(host.machine));
  const name = host.items[0]?.name || host.machine;
  if (data) return <GuestGroups title={`Beside it on ${name}`} above={data.above} marked={uid} />;
  return (
    <section className="guest-groups" aria-label={`Beside it on ${name}`}>
      <p className={error ? 'hint is-bad' : 'hint'}>{error?.message ?? 'Reading'}</p>
    </section>
  );
}
