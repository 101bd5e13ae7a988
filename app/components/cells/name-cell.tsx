import type { Item } from '#lib/query/api.ts';
import { Icon } from '../icons.tsx';
import { Foreign } from '../text/foreign.tsx';

const KINDS = { vm: 'VM', container: 'Container', host: 'Host' } as const;

/** Kind as an icon, the name in ink, the one thing worth knowing beside it in grey. */
export function NameCell({ item }: { item: Item }) {
  return (
    <>
      <span className="kind" title={KINDS[item.kind]}>
        <Icon name={item.kind} />
        <span className="sr-only">{KINDS[item.kind]}</span>
      </span>
      <Foreign className="name" text={item.name || item.nativeId} />
      {item.note ? <Foreign className="note" text={item.note} /> : null}
    </>
  );
}
