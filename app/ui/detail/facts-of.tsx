import type { ReactNode } from 'react';
import type { Item } from '#lib/api/resources.ts';
import { addressesOf } from '#lib/language/grammar/reach.ts';
import { endText } from '#lib/model/condition.ts';
import { Foreign } from '../text/foreign.tsx';
import { cores, memory, quantity } from '../text/format.ts';
import { TimeAgo } from '../text/time-ago.tsx';
import { Addresses } from './addresses.tsx';
import type { Fact } from './facts.tsx';

const mono = (text: string): ReactNode => <Foreign className="mono" text={text} limit={160} />;
const plain = (text: string): ReactNode => <Foreign text={text} limit={160} />;
const size = (mib: number): string => {
  const { value, unit } = memory(mib);
  return `${value} ${unit}`;
};

function amount({ cpu, memory: mib }: { cpu: number | null; memory: number | null }): string {
  return [cpu === null ? 'no CPU' : quantity(cpu), mib === null ? 'no memory' : size(mib)].join(', ');
}

const fact = (label: string, value: string | null, show: (text: string) => ReactNode = plain): Fact =>
  value === null || value === '' ? null : [label, show(value)];

const joined = (...parts: (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(' · ');

/** The provider's own words, where they say more than the state does. */
const nativeOf = ({ state, nativeState, stateReason }: Item): string =>
  joined(nativeState?.toLowerCase() === state ? null : nativeState, stateReason);

/** The facts of a resource in the order in which people ask for them; its kind decides which there are. */
export function factsOf(item: Item): Fact[] {
  const { workload, requests, limits, allocatable, vcpus, memory: mib } = item;
  return [
    workload && ['Workload', plain(`${workload.kind} ${workload.name}`)],
    fact('Pod', item.pod, mono),
    fact('Namespace', joined(item.namespace, item.cluster)),
    fact('Image', item.image, mono),
    requests || limits
      ? ['Requests / limits', `${requests ? amount(requests) : 'none'} / ${limits ? amount(limits) : 'none'}`]
      : null,
    fact('Type', item.type, mono),
    item.kind === 'container' || (vcpus === null && mib === null)
      ? null
      : ['Size', joined(vcpus === null ? null : `${cores(vcpus)} vCPU`, mib === null ? null : size(mib))],
    allocatable && ['Allocatable', amount(allocatable)],
    addressesOf(item).length > 0 && ['Address', <Addresses key="addresses" of={item} />],
    item.startedAt !== null && ['Started', <TimeAgo key="started" iso={item.startedAt} />],
    item.createdAt !== null && ['Created', <TimeAgo key="created" iso={item.createdAt} />],
    item.restarts !== null && item.restarts > 0 && ['Restarts', String(item.restarts)],
    item.lastEnd && ['Last end', plain(endText(item.lastEnd))],
    item.ready !== null && ['Ready', plain(item.ready ? 'yes' : joined('no', item.readyReason))],
    fact('Native state', nativeOf(item)),
    fact('Place', joined(item.zone ?? item.region, item.cluster === null ? item.account : null)),
    fact('OS', item.os),
    fact('Lifecycle', item.lifecycle),
    fact('Isolation', item.isolation),
    [
      'CPU used',
      <span key="cpu" className="not-measured">
        not measured
      </span>,
    ],
    [
      'Memory used',
      <span key="mem" className="not-measured">
        not measured
      </span>,
    ],
  ].map((one) => (one === false || one === null ? null : (one as Fact)));
}
