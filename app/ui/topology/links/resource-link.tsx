'use client';
import Link from 'next/link';
import type { Kind } from '#lib/model/index.ts';
import { ProviderWord } from '../../cells/provider-word.tsx';
import { Icon } from '../../shell/icons.tsx';
import { Foreign } from '../../text/foreign.tsx';
import { stackAddress } from './address.ts';

interface Props {
  row: { uid: string; name: string; kind: Kind; provider: string };
  limit?: number;
}

const KINDS: Readonly<Record<Kind, string>> = { vm: 'VM', container: 'Container', host: 'Host' };

/** A row by its kind, name and provider; leads to its stack. */
export function ResourceLink({ row, limit = 80 }: Props) {
  return (
    <span className="resource-link">
      <span className="kind" title={KINDS[row.kind]}>
        <Icon name={row.kind} size={14} />
        <span className="sr-only">{KINDS[row.kind]}</span>
      </span>
      <Link href={stackAddress(row.uid)} prefetch={false} className="link is-row">
        <Foreign text={row.name || row.uid} limit={limit} />
      </Link>
      <ProviderWord id={row.provider} />
    </span>
  );
}

/** A uid that may have a name; one that is gone is told by its uid. */
export function NamedLink({ uid, named }: { uid: string; named: readonly Props['row'][] }) {
  const row = named.find((one) => one.uid === uid);
  return row ? <ResourceLink row={row} /> : <Foreign className="mono is-gone" text={uid} limit={60} />;
}
