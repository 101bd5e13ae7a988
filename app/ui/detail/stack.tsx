'use client';
import Link from 'next/link';
import type { Item } from '#lib/api/resources.ts';
import { withClause } from '#lib/language/grammar/index.ts';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { stackAddress } from '../topology/links/address.ts';
import { EVIDENCE_WORDS, linksBetween } from '../topology/links/evidence.ts';
import { ResourceLink } from '../topology/links/resource-link.tsx';
import { useView } from '../view/view-provider.tsx';
import { shortIdentity } from './neighbours.ts';
import { useMachine } from './use-machine.ts';

/** What it runs on, which rows are the same machine and by what, and how much runs on it; the way to all of its stack. */
export function Stack({ item }: { item: Item }) {
  const { go } = useView();
  const { uid, host, hostedBy, members, guests } = item;
  const machine = useMachine(uid).data;
  const others = machine?.members.filter((one) => one.uid !== uid) ?? [];
  const [said] = hostedBy;
  return (
    <section>
      <h3 className="with-action">
        Stack
        <Link href={stackAddress(uid)} prefetch={false} className="link" title="All of its stack (s)">
          Open
          <Icon name="right" size={12} />
        </Link>
      </h3>
      <ul className="identities">
        {members > 1 ? (
          <li>
            <span className="identity-type">same machine</span>
            <span className="same">
              {others.map((other) => {
                const [link] = linksBetween(machine?.links ?? [], uid, other.uid);
                return (
                  <span key={other.uid}>
                    <ResourceLink row={other} limit={40} />
                    {link ? <span className="note">{EVIDENCE_WORDS[link.evidence]}</span> : null}
                  </span>
                );
              })}
              {others.length === 0 ? `${count(members)} rows` : null}
            </span>
          </li>
        ) : null}
        {host ? (
          <li>
            <span className="identity-type">runs on</span>
            <span className="resource-link">
              <span className="kind">
                <Icon name={host.kind} size={14} />
              </span>
              <button type="button" className="link is-row" onClick={() => go({ selected: host.uid })}>
                <Foreign text={host.name || host.uid} limit={80} />
              </button>
            </span>
          </li>
        ) : said ? (
          <li>
            <span className="identity-type">says it runs on</span>
            <span>
              <Foreign className="mono" text={shortIdentity(said)} limit={80} />
              <span className="note"> not listed</span>
            </span>
          </li>
        ) : null}
        {guests > 0 ? (
          <li>
            <span className="identity-type">runs</span>
            <button type="button" className="link" onClick={() => go({ q: withClause('', 'on', [uid]), mode: 'rows' })}>
              {count(guests)} directly
            </button>
          </li>
        ) : null}
        {host === null && !said && guests === 0 && members === 1 ? (
          <li>
            <span className="note">alone: nothing is known below or on it</span>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
