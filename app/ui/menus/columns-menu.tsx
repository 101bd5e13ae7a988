'use client';
import { Icon } from '../shell/icons.tsx';
import { useView } from '../view/view-provider.tsx';
import { LazyMenu } from './lazy-menu.tsx';

const load = () => import('./columns-menu-body.tsx').then((loaded) => loaded.ColumnsMenuBody);

export function ColumnsMenu() {
  const { view } = useView();
  return (
    <LazyMenu load={load} className={`button${view.columns === null ? '' : ' is-on'}`}>
      <Icon name="columns" size={14} />
      Columns
    </LazyMenu>
  );
}
