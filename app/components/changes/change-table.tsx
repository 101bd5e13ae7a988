'use client';
import Link from 'next/link';
import type { Change } from '#lib/model/index.ts';
import { ProviderWord } from '../cells/provider-word.tsx';
import { ChangeWords } from '../detail/change-list.tsx';
import { Icon } from '../icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { TimeAgo } from '../text/time-ago.tsx';

export function ChangeTable({ changes }: { changes: readonly Change[] }) {
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Resource</th>
          <th scope="col">Provider</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={`${change.seq} ${change.uid} ${change.field}`}>
            <td className="when">
              <TimeAgo iso={change.at} />
            </td>
            <th scope="row">
              <Link href={`/?${new URLSearchParams({ r: change.uid })}`} prefetch={false} className="link is-row">
                <Icon name={change.kind} size={14} />
                <Foreign text={change.name || change.uid} limit={120} />
              </Link>
            </th>
            <td>
              <ProviderWord id={change.provider} />
            </td>
            <td>
              <ChangeWords change={change} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
