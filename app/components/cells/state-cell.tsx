import type { Item } from '#lib/query/api.ts';
import { StateMark } from './state-mark.tsx';

export function StateCell({ item }: { item: Item }) {
  const native = [item.nativeState, item.stateReason].filter(Boolean).join(', ');
  return (
    <span className={`state state-${item.state}`} title={native === '' ? item.state : `${item.state} (${native})`}>
      <StateMark state={item.state} />
      {item.state}
    </span>
  );
}
