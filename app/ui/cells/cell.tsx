import type { ReactNode } from 'react';
import type { Item } from '#lib/api/resources.ts';
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

type Props = { column: Column; item: Item };

/** Columns with a look of their own; every other column is drawn by the type of its field. */
const OWN: Readonly<Record<string, (item: Item) => ReactNode>> = {
  name: (item) => <NameCell item={item} />,
  provider: (item) => <ProviderWord id={item.provider} />,
  state: (item) => <StateCell item={item} />,
  freshness: (item) => <FreshnessCell state={item.scopeState} />,
  cpu: (item) => <NotMeasured item={item} />,
  mem: (item) => <NotMeasured item={item} />,
  account: (item) => <AccountCell item={item} />,
  on: (item) => <HostCell item={item} />,
  vcpus: (item) => <CapacityCell item={item} of="cpu" />,
  memory: (item) => <CapacityCell item={item} of="memory" />,
};

/** Fields whose words are ids, addresses or types: set in the monospaced face. */
const MONO = new Set(['type', 'image', 'ip', 'id', 'uid', 'scope', 'machine', 'pod']);

/** One value of one resource. Never throws: what is not there is an empty cell that says so to a screen reader. */
export function Cell({ column, item }: Props) {
  const own = OWN[column.key];
  if (own) return own(item);
  const value = column.field.get(item);
  if (value === null || value === '' || (typeof value === 'object' && value.length === 0)) {
    return <NotSet of={{ item, key: column.key }} />;
  }
  if (column.field.type === 'size') return <MemoryAmount mib={Number(value)} />;
  if (column.field.type === 'number') return <CoresAmount cores={Number(value)} />;
  if (column.field.type === 'duration') return <AgeCell since={String(value)} />;
  if (column.field.type === 'date') return <TimeAgo iso={String(value)} />;
  const text = typeof value === 'object' ? value.join(', ') : String(value);
  return <Foreign className={MONO.has(column.key) ? 'mono' : 'text'} text={text} />;
}
