import type { Item } from '#lib/api/resources.ts';
import { conditionText } from '#lib/model/condition.ts';
import { visible } from '../text/visible.ts';
import { SCOPE_MARKS, ScopeMark } from './scope-mark.tsx';
import { StateMark } from './state-mark.tsx';

/** The state, never a plain `running` for what runs and is not ready; the system's own words on hover. */
export function StateCell({ item }: { item: Item }) {
  const { state, ready } = item;
  const native = [item.nativeState, conditionText(item)].filter(Boolean).join(', ');
  return (
    <span className={`state state-${state}`} title={native === '' ? state : visible(`${state} (${native})`)}>
      <StateMark state={state} ready={ready} />
      {state}
      {state === 'running' && ready === false ? <span className="not-ready">not ready</span> : null}
      {item.scopeState === 'fresh' ? null : (
        <span title={`as last seen: ${SCOPE_MARKS[item.scopeState].word}`}>
          <ScopeMark state={item.scopeState} />
        </span>
      )}
    </span>
  );
}
