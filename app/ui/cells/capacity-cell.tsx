import type { Item } from '#lib/api/resources.ts';
import { CoresAmount, MemoryAmount } from './amount.tsx';
import { NotSet } from './not-set.tsx';

/**
 * What a VM or host was given. A container is given nothing of its own: what it requests stands there lighter and says so, as it
 * neither sorts nor sums with the provisioned figures.
 */
export function CapacityCell({ item, of }: { item: Item; of: 'cpu' | 'memory' }) {
  const given = of === 'cpu' ? item.vcpus : item.memory;
  const requested = item.requests?.[of] ?? null;
  const figure = given ?? requested;
  if (figure === null) return <NotSet of={{ item, key: of === 'cpu' ? 'vcpus' : 'memory' }} />;
  const amount = of === 'cpu' ? <CoresAmount cores={figure} /> : <MemoryAmount mib={figure} />;
  if (given !== null) return amount;
  return (
    <span className="requested" title="requested, not provisioned">
      {amount}
      <span className="sr-only"> requested</span>
    </span>
  );
}
