'use client';
import Link from 'next/link';
import type { Item } from '#lib/api/resources.ts';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { stackAddress } from '../topology/links/address.ts';
import { NotSet } from './not-set.tsx';

/** What it runs on directly: by name where that is listed, as it says itself where it is not. */
export function HostCell({ item }: { item: Item }) {
  const { host, hostedBy } = item;
  if (host) {
    return (
      <>
        <span className="kind">
          <Icon name={host.kind} size={14} />
        </span>
        <Link href={stackAddress(host.uid)} prefetch={false} tabIndex={-1} className="link is-row">
          <Foreign text={host.name || host.uid} />
        </Link>
      </>
    );
  }
  const [said] = hostedBy;
  if (!said) return <NotSet of={{ item, key: 'on' }} />;
  return (
    <>
      <Foreign className="mono" text={said.value.slice(said.value.lastIndexOf('/') + 1)} />
      <span className="note">not listed</span>
    </>
  );
}
