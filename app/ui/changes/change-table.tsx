'use client';
import Link from 'next/link';
import type { Change } from '#lib/model/index.ts';
import { ProviderWord } from '../cells/provider-word.tsx';
import { ChangeWords } from '../detail/change-list.tsx';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { sameMoment } from './same-moment.ts';

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
        {sameMoment(changes).map((moment) => (
          <Moment key={`${moment[0].seq} ${moment[0].uid} ${moment[0].field}`} moment={moment} />
        ))}
      </tbody>
    </table>
  );
}

function Moment({ moment }: { moment: readonly [Change, ...Change[]] }) {
  const [{ at, uid, name, kind, provider }] = moment;
  return (
    <tr>
      <td className="when">
        <TimeAgo iso={at} />
      </td>
      <th scope="row">
        <Link href={`/?${new URLSearchParams({ r: uid })}`} prefetch={false} className="link is-row">
          <Icon name={kind} size={14} />
          <Foreign text={name || uid} limit={120} />
        </Link>
      </th>
      <td>
        <ProviderWord id={provider} />
      </td>
      <td>
        <ul className="change-words">
          {moment.map((change) => (
            <li key={`${change.seq} ${change.field}`}>
              <ChangeWords change={change} />
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}
