import type { ReactNode } from 'react';
import type { Item } from '#lib/api/resources.ts';
import type { CellKind, Field } from '#lib/language/field.ts';
import type { Column } from '../grid/columns.ts';
import { Foreign } from '../text/foreign.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { AccountCell } from './account-cell.tsx';
import { AgeCell } from './age-cell.tsx';
import { CoresAmount, MemoryAmount } from './amount.tsx';
import { CapacityCell } from './capacity-cell.tsx';
import { FreshnessCell } from './freshness-cell.tsx';
import { HostCell } from './host-cell.tsx';
import { NameCell } from './name-cell.tsx';
import { NotMeasured } from './not-measured.tsx';
import { NotSet } from './not-set.tsx';
import { ProviderWord } from './provider-word.tsx';
import { StateCell } from './state-cell.tsx';

type CellRenderer = (props: { item: Item; field: Field }) => ReactNode;

/** A value of the field's own, or that there is none. */
const valued =
  (show: (value: NonNullable<ReturnType<Field['get']>>) => ReactNode): CellRenderer =>
  ({ item, field }) => {
    const value = field.get(item);
    const isNone = value === null || value === '' || (typeof value === 'object' && value.length === 0);
    return isNone ? <NotSet of={{ item, key: field.key }} /> : show(value);
  };

const foreign = (className: string): CellRenderer =>
  valued((value) => (
    <Foreign className={className} text={typeof value === 'object' ? value.join(', ') : String(value)} />
  ));

const CELLS: Readonly<Record<CellKind, CellRenderer>> = {
  text: foreign('text'),
  // Ids, addresses and types.
  mono: foreign('mono'),
  number: valued((value) => <CoresAmount cores={Number(value)} />),
  size: valued((value) => <MemoryAmount mib={Number(value)} />),
  age: valued((value) => <AgeCell since={String(value)} />),
  time: valued((value) => <TimeAgo iso={String(value)} />),
  name: ({ item }) => <NameCell item={item} />,
  provider: ({ item }) => <ProviderWord id={item.provider} />,
  state: ({ item }) => <StateCell item={item} />,
  freshness: ({ item }) => <FreshnessCell state={item.scopeState} />,
  unmeasured: ({ item }) => <NotMeasured item={item} />,
  account: ({ item }) => <AccountCell item={item} />,
  host: ({ item }) => <HostCell item={item} />,
  vcpus: ({ item }) => <CapacityCell item={item} of="cpu" />,
  memory: ({ item }) => <CapacityCell item={item} of="memory" />,
};

/** One value of one resource. Never throws: what is not there is an empty cell that says so to a screen reader. */
export function Cell({ column: { field, cell }, item }: { column: Column; item: Item }) {
  return CELLS[cell]({ item, field });
}
