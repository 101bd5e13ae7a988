'use client';
import { Icon } from '../shell/icons.tsx';
import { LazyMenu } from './lazy-menu.tsx';

const load = () => import('./appearance-menu-body.tsx').then((loaded) => loaded.AppearanceMenuBody);

export function AppearanceMenu() {
  return (
    <LazyMenu load={load} className="rail-link" title="Appearance">
      <Icon name="settings" />
      <span className="sr-only">Appearance</span>
    </LazyMenu>
  );
}
