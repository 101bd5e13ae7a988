'use client';
import { useQuery } from '@tanstack/react-query';
import type { Group, Groups } from '#lib/query/api.ts';
import { findField } from '#lib/query/fields.ts';
import { withClause } from '#lib/query/grammar/index.ts';
import { CoresAmount, MemoryAmount } from '../cells/amount.tsx';
import { ProviderWord } from '../cells/provider-word.tsx';
import { ask } from '../data/api.ts';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { withoutGroup } from './group-of.ts';

const COLUMNS = [
  'Resources',
  'Running',
  'VMs',
  'Containers',
  'Hosts',
  'vCPU provisioned',
  'vCPU requested',
  'Memory provisioned',
  'Memory requested',
] as const;

/** The result summed by the values of one field; a value leads to its rows. */
export function GroupTable({ q, by }: { q: string; by: string }) {
  const { go } = useView();
  const rest = withoutGroup(q);
  const groups = useQuery({
    queryKey: ['groups', rest, by],
    queryFn: ({ signal }) => ask<Groups>('groups', { q: rest, by }, signal),
    placeholderData: (before) => before,
  });
  const label = findField(by)?.label ?? by;
  const most = Math.max(1, ...(groups.data?.groups.map((group) => group.count) ?? []));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="scroller groups" tabIndex={0} aria-label={`Groups by ${label}`}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{label}</th>
            {COLUMNS.map((column) => (
              <th scope="col" key={column} className="right">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.data?.groups.map((group) => (
            <tr key={group.value}>
              <th scope="row">
                <button type="button" className="link" onClick={() => go({ q: withClause(rest, by, [group.value]) })}>
                  <GroupName by={by} value={group.value} />
                </button>
                <span className="hair" style={{ width: `${Math.max(2, Math.round((group.count / most) * 72))}px` }} />
              </th>
              <Figures group={group} />
            </tr>
          ))}
        </tbody>
        {groups.data?.sum ? (
          <tfoot>
            <tr>
              <th scope="row">{groups.data.truncated ? 'All, groups left out included' : 'All'}</th>
              <Figures group={groups.data.sum} />
            </tr>
          </tfoot>
        ) : null}
      </table>
      {groups.isPending ? <p className="hint">Adding up</p> : null}
      {groups.error ? <p className="hint is-bad">{groups.error.message}</p> : null}
    </section>
  );
}

function GroupName({ by, value }: { by: string; value: string }) {
  if (value === '') return <span className="is-unset">not set</span>;
  return by === 'provider' ? <ProviderWord id={value} /> : <Foreign text={value} limit={120} />;
}

function Figures({ group }: { group: Group }) {
  return (
    <>
      {[group.count, group.running, group.vms, group.containers, group.hosts].map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed row of figures
        <td key={i} className={n === 0 ? 'right is-zero' : 'right'}>
          {count(n)}
        </td>
      ))}
      <Amount value={group.vcpus} unit="cores" />
      <Amount value={group.requestedCpu} unit="cores" />
      <Amount value={group.memory} unit="memory" />
      <Amount value={group.requestedMemory} unit="memory" />
    </>
  );
}

function Amount({ value, unit }: { value: number | null; unit: 'cores' | 'memory' }) {
  if (value === null) return <td className="right is-zero">–</td>;
  return <td className="right">{unit === 'cores' ? <CoresAmount cores={value} /> : <MemoryAmount mib={value} />}</td>;
}
