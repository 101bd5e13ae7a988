'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { Item } from '#lib/api/resources.ts';
import type { GuestGroup } from '#lib/api/stack.ts';
import type resources from '#lib/questions/resources.ts';
import { StateMark } from '../../cells/state-mark.tsx';
import { queryFor } from '../../data/api.ts';
import { Foreign } from '../../text/foreign.tsx';
import { count } from '../../text/format.ts';
import { filterAddress, stackAddress } from '../links/address.ts';
import { byPod } from './words.ts';

const MOST = 200;

/** Pods and containers of a group, or its VMs and hosts: those at hand first, then as many as a page takes. */
export function Members({ group, marked }: { group: GuestGroup; marked: string }) {
  const { q, items: first, count: all } = group;
  const more = useQuery({
    ...queryFor<typeof resources>('/resources', { q, limit: MOST }),
    enabled: first.length < all,
  });
  // A machine of several rows is one entry here, as it is in the count.
  const items = more.data ? more.data.items.filter(({ uid, machine }) => uid === machine) : first;
  return (
    <>
      <ul className="members">
        {byPod(items).map((entry) => (
          <li key={entry.items[0]?.uid}>
            {entry.pod === null || entry.items.length === 1 ? null : (
              <Foreign className="pod" text={entry.pod} limit={80} />
            )}
            <ul>
              {entry.items.map((item) => (
                <Member key={item.uid} item={item} inPod={entry.items.length > 1} marked={item.uid === marked} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {items.length < all ? (
        <p className="note">
          {count(items.length)} of {count(all)} shown.{' '}
          <Link href={filterAddress(q)} prefetch={false} className="link">
            All of them in the list
          </Link>
        </p>
      ) : null}
    </>
  );
}

function Member({ item, inPod, marked }: { item: Item; inPod: boolean; marked: boolean }) {
  const name = item.name || item.nativeId;
  // Below its pod's name a container needs only its own.
  const shown = inPod && item.pod !== null && name.startsWith(`${item.pod}/`) ? name.slice(item.pod.length + 1) : name;
  return (
    <li className={marked ? 'member is-marked' : 'member'} aria-current={marked ? 'true' : undefined}>
      <StateMark state={item.state} ready={item.ready} />
      <Link href={stackAddress(item.uid)} prefetch={false} className="link is-row">
        <Foreign text={shown} limit={80} />
      </Link>
      {item.state === 'running' ? null : <span className={`state-${item.state}`}>{item.state}</span>}
      {item.state === 'running' && item.ready === false ? <span className="not-ready">not ready</span> : null}
    </li>
  );
}
