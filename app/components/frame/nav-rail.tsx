'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Icon } from '../icons.tsx';
import { AppearanceMenu } from '../menus/appearance-menu.tsx';

const PAGES = [
  ['/', 'Fleet', 'fleet'],
  ['/changes', 'Changes', 'changes'],
  ['/identity', 'Identity', 'identity'],
  ['/sources', 'Sources', 'sources'],
] as const;

export function NavRail() {
  const path = usePathname();
  return (
    <nav className="rail" aria-label="Pages">
      <Link href="/" prefetch={false} className="rail-logo" aria-label="Muster, to the fleet">
        M
      </Link>
      {PAGES.map(([href, label, icon]) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          className="rail-link"
          aria-current={path === href || (href === '/' && path === '/stack') ? 'page' : undefined}
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
