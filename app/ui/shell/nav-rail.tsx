'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { AppearanceMenu } from '../menus/appearance-menu.tsx';
import { Icon } from './icons.tsx';
import { PAGES } from './pages.ts';

export function NavRail() {
  const here = usePathname();
  return (
    <nav className="rail" aria-label="Pages">
      <Link href="/" prefetch={false} className="rail-logo" aria-label="Muster, to the fleet">
        M
      </Link>
      {PAGES.map(({ path, label, icon, below = [] }) => (
        <Link
          key={path}
          href={path}
          prefetch={false}
          className="rail-link"
          aria-current={path === here || below.includes(here) ? 'page' : undefined}
          title={label}
        >
          <Icon name={icon} />
          <span className="sr-only">{label}</span>
        </Link>
      ))}
      <span className="rail-gap" />
      <AppearanceMenu />
    </nav>
  );
}
