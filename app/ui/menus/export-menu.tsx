'use client';
import { Icon } from '../shell/icons.tsx';
import { LazyMenu } from './lazy-menu.tsx';

const load = () => import('./export-menu-body.tsx').then((loaded) => loaded.ExportMenuBody);

export function ExportMenu() {
  return (
    <LazyMenu load={load} className="button">
      <Icon name="export" size={14} />
      Export
    </LazyMenu>
  );
}
