'use client';
import { useQuery } from '@tanstack/react-query';
import type { Group } from '#lib/api/resources.ts';
import { findField } from '#lib/language/fields.ts';
import { withClause } from '#lib/language/grammar/index.ts';
import type groupsQuestion from '#lib/questions/groups.ts';
import { CoresAmount, MemoryAmount } from '../cells/amount.tsx';
import { ProviderWord } from '../cells/provider-word.tsx';
import { queryFor } from '../data/api.ts';
import { withoutGroup } from '../filter/group-of.ts';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import { shortened } from '../text/visible.ts';
import { useView } from '../view/view-provider.tsx';

const COUNTS = ['Resources', 'Running', 'VMs', 'Containers', 'Hosts', 'Folded'] as const;
const CAPACITIES = [
  ['Physical', 'physicalCpu', 'physicalMemory'],
  ['Provisioned', 'vcpus', 'memory'],
  ['Allocatable', 'allocatableCpu', 'allocatableMemory'],
  ['Requested', 'requestedCpu', 'requestedMemory'],
] as const;
const DUPLICATES = 'Rows left out of the sums, because another row of their machine counts';

/** The result summed by the values of one field; a value leads to its rows. */
export function GroupTable({ q, by }: { q: string; by: string }) {
  const { view, go } = useView();
  const rest = withoutGroup(q);
  const groups = useQuery({
    ...queryFor<typeof groupsQuestion>('/groups', { q: rest, by }),
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
            {COUNTS.map((column) => (
              <th scope="col" key={column} className="right" title={column === 'Folded' ? DUPLICATES : undefined}>
                {column}
              </th>
            ))}
            {CAPACITIES.map(([column]) => (
              <th scope="col" key={column} className="right">
                {column}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">Why</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.data?.groups.map((group) => (
            <tr key={group.value}>
              <th scope="row">
                <button type="button" className="link" onClick={() => go({ q: withClause(rest, by, [group.value]) })}>
                  <GroupName by={by} group={group} />
                </button>
                <span className="hair" style={{ width: `${Math.max(2, Math.round((group.count / most) * 72))}px` }} />
              </th>
              <Figures group={group} />
              <td>
                <button
                  type="button"
                  className="icon-button"
                  title="Why these figures"
                  aria-expanded={view.why?.group === group.value}
                  data-why={group.value}
                  onClick={() => go({ why: view.why?.group === group.value ? null : { group: group.value } })}
                >
                  <Icon name="why" size={14} />
                  <span className="sr-only">
                    Why the figures of {group.value === '' ? 'not set' : (group.label ?? group.value)}
                  </span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
        {groups.data?.sum ? (
          <tfoot>
            <tr>
              <th scope="row">{groups.data.truncated ? 'All, groups left out included' : 'All'}</th>
              <Figures group={groups.data.sum} />
              <td />
            </tr>
          </tfoot>
        ) : null}
      </table>
      {groups.isPending ? <p className="hint">Adding up</p> : null}
      {groups.error ? <p className="hint is-bad">{groups.error.message}</p> : null}
    </section>
  );
}

function GroupName({ by, group: { value, label } }: { by: string; group: Group }) {
  if (value === '') return <span className="is-unset">not set</span>;
  return by === 'provider' ? <ProviderWord id={value} /> : <Foreign text={shortened(label ?? value, 44)} limit={120} />;
}

function Figures({ group }: { group: Group }) {
  return (
    <>
      {[group.count, group.running, group.vms, group.containers, group.hosts, group.duplicates].map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed row of figures
        <td key={i} className={n === 0 ? 'right is-zero' : 'right'}>
          {count(n)}
        </td>
      ))}
      {CAPACITIES.map(([label, cpu, memory]) => (
        <Capacity key={label} cpu={group[cpu]} memory={group[memory]} />
      ))}
    </>
  );
}

/** CPU and memory of one capacity, as they belong together. */
function Capacity({ cpu, memory }: { cpu: number | null; memory: number | null }) {
  if (cpu === null && memory === null) return <td className="right is-zero">–</td>;
  return (
    <td className="right pair-cell">
      {cpu === null ? '–' : <CoresAmount cores={cpu} />}
      <span className="of-two">{memory === null ? '–' : <MemoryAmount mib={memory} />}</span>
    </td>
  );
}
