import type { Item } from '#lib/api/resources.ts';
import { Icon } from '../shell/icons.tsx';
import { Foreign } from '../text/foreign.tsx';
import { clipped, visible } from '../text/visible.ts';
import { SCOPE_MARKS } from './scope-mark.tsx';

const KINDS = { vm: 'VM', container: 'Container', host: 'Host' } as const;

/** Kind as an icon, the name in ink, the one thing worth knowing beside it in grey. */
export function NameCell({ item }: { item: Item }) {
  const old = item.scopeState === 'fresh' ? '' : `, ${SCOPE_MARKS[item.scopeState].word}`;
  const kind = `${KINDS[item.kind]}${old}`;
  return (
    <>
      <span className="kind" title={kind}>
        <Icon name={item.kind} />
        <span className="sr-only">{kind}</span>
      </span>
      <Name item={item} />
      {item.note ? <Foreign className="note" text={item.note} /> : null}
    </>
  );
}

const TAIL = 60;

/** Where space is short a container's pod is cut, not the container: its name is what tells it from its neighbours. */
function Name({ item }: { item: Item }) {
  const name = item.name || item.nativeId;
  const slash = name.lastIndexOf('/');
  if (item.kind !== 'container' || slash < 1 || name.length > 200) return <Foreign className="name" text={name} />;
  return (
    <bdi className="name is-split" title={visible(name)}>
      <span>{visible(name.slice(0, slash))}</span>
      <span>{clipped(visible(name.slice(slash)), TAIL)}</span>
    </bdi>
  );
}
