import type { ReactNode } from 'react';
import type { Item } from '#lib/api/resources.ts';
import type { FactKind } from '#lib/language/field.ts';
import { FACTS } from '#lib/language/fields.ts';
import { addressesOf } from '#lib/language/grammar/reach.ts';
import { Foreign } from '../text/foreign.tsx';
import { cores, memory, quantity } from '../text/format.ts';
import { TimeAgo } from '../text/time-ago.tsx';
import { Addresses } from './addresses.tsx';
import type { Fact } from './facts.tsx';

const size = (mib: number): string => {
  const { value, unit } = memory(mib);
  return `${value} ${unit}`;
};

function amount({ cpu, memory: mib }: { cpu: number | null; memory: number | null }): string {
  return [cpu === null ? 'no CPU' : quantity(cpu), mib === null ? 'no memory' : size(mib)].join(', ');
}

/** Draws a text of the row or several of its values; null where there is nothing to tell. */
type FactRenderer = (text: string | null, item: Item) => ReactNode;

const ifSet =
  (show: (text: string) => ReactNode): FactRenderer =>
  (text) =>
    text === null || text === '' ? null : show(text);

const RENDERERS: Readonly<Record<FactKind, FactRenderer>> = {
  text: ifSet((text) => <Foreign text={text} limit={160} />),
  mono: ifSet((text) => <Foreign className="mono" text={text} limit={160} />),
  figure: ifSet((text) => text),
  time: ifSet((iso) => <TimeAgo iso={iso} />),
  addresses: (_, item) => (addressesOf(item).length > 0 ? <Addresses of={item} /> : null),
  requests: (_, { requests, limits }) =>
    requests || limits ? `${requests ? amount(requests) : 'none'} / ${limits ? amount(limits) : 'none'}` : null,
  size: (_, { kind, vcpus, memory: mib }) =>
    kind === 'container' || (vcpus === null && mib === null)
      ? null
      : [vcpus === null ? [] : `${cores(vcpus)} vCPU`, mib === null ? [] : size(mib)].flat().join(' · '),
  allocatable: (_, { allocatable }) => allocatable && amount(allocatable),
  unmeasured: () => <span className="not-measured">not measured</span>,
};

/** The facts of a resource in the order in which people ask for them; its kind decides which there are. */
export function factsOf(item: Item): Fact[] {
  return FACTS.map(({ label, show, text }) => {
    const value = RENDERERS[show](text(item), item);
    return value === null ? null : [label, value];
  });
}
