'use client';
import Link from 'next/link';
import { useId, useState } from 'react';
import type { GuestGroup, StackAnswer } from '#lib/api/stack.ts';
import { Icon } from '../../shell/icons.tsx';
import { Foreign } from '../../text/foreign.tsx';
import { count } from '../../text/format.ts';
import { filterAddress } from '../links/address.ts';
import { Members } from './members.tsx';
import { aboveWords, groupName } from './words.ts';

interface Props {
  title: string;
  above: StackAnswer['above'];
  /** Uid of the row whose stack it is. */
  marked: string;
}

// Where so few stand, they are shown without asking.
const FEW = 24;

/** What runs on a machine, gathered by workload, each with its exact number; a click shows pods and containers. */
export function GuestGroups({ title, above, marked }: Props) {
  const { hosts, vms, containers, groups, truncated } = above;
  const open = hosts + vms + containers <= FEW;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="guest-groups" tabIndex={0} aria-label={title}>
      <table className="plain guest-table">
        <caption>
          <h2>
            <Foreign text={title} limit={90} />
          </h2>
          <span className="note">{aboveWords(above)}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col">Namespace</th>
            <th scope="col" className="right">
              Pods
            </th>
            <th scope="col" className="right">
              Running
            </th>
            <th scope="col" className="right">
              Count
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRows key={group.q} group={group} opened={open || hasMarked(group, marked)} marked={marked} />
          ))}
        </tbody>
      </table>
      {groups.length === 0 ? <p className="hint">Nothing that is listed runs on it.</p> : null}
      {truncated ? <p className="hint">The largest groups; the figures above count all of them.</p> : null}
    </section>
  );
}

const hasMarked = ({ items }: GuestGroup, uid: string): boolean => items.some((item) => item.uid === uid);

function GroupRows({ group, opened, marked }: { group: GuestGroup; opened: boolean; marked: string }) {
  const [open, setOpen] = useState(opened);
  const list = useId();
  const { workload, namespace, cluster, pods, running } = group;
  return (
    <>
      <tr>
        <th scope="row">
          <button
            type="button"
            className="disclose"
            aria-expanded={open}
            aria-controls={open ? list : undefined}
            onClick={() => setOpen(!open)}
          >
            <Icon name={open ? 'down' : 'right'} size={12} />
            <Icon name={group.kind} size={14} />
            <Foreign text={groupName(group)} limit={80} />
            {workload ? <span className="note">{workload.kind}</span> : null}
          </button>
        </th>
        <td title={cluster ?? undefined}>{namespace === null ? '' : <Foreign text={namespace} limit={60} />}</td>
        <td className={pods === 0 ? 'right is-zero' : 'right'}>{pods === 0 ? '–' : count(pods)}</td>
        <td className="right">{count(running)}</td>
        <td className="right">
          <Link href={filterAddress(group.q)} prefetch={false} className="link" title="These rows in the list">
            {count(group.count)}
          </Link>
        </td>
      </tr>
      {open ? (
        <tr className="members-row">
          <td colSpan={5} id={list}>
            <Members group={group} marked={marked} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
