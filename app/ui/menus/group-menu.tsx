'use client';
import { groupOf } from '../filter/group-of.ts';
import { Icon } from '../shell/icons.tsx';
import { useView } from '../view/view-provider.tsx';
import { LazyMenu } from './lazy-menu.tsx';

const load = () => import('./group-menu-body.tsx').then((loaded) => loaded.GroupMenuBody);

export function GroupMenu() {
  const { view } = useView();
  return (
    <LazyMenu load={load} className={`button${groupOf(view.q) === null ? '' : ' is-on'}`}>
      <Icon name="group" size={14} />
      Group
    </LazyMenu>
  );
}
