import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const NEEDED = [
  ['docker.io', '/usr/sbin/dockerd'],
  ['busybox-static', '/usr/bin/busybox'],
] as const;

/**
 * Installs Debian's Docker Engine and a static busybox to run in its containers, where that needs no password. The tests that want an engine
 * start one of their own; without it they are skipped and say why.
 * @returns what is missing afterwards, null where nothing is
 */
export function ensureDocker(
  exists: (file: string) => boolean = existsSync,
  apt: ((...args: string[]) => boolean) | null = debian(),
): string | null {
  const missing = () => NEEDED.filter(([, file]) => !exists(file)).map(([name]) => name);
  const before = missing();
  if (before.length === 0) return null;
  if (!apt) return `${before.join(' and ')} (Debian: apt-get install ${before.join(' ')})`;
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...before))
    return `${before.join(' and ')}: apt-get could not install it`;
  return missing().join(' and ') || null;
}

function debian(): ((...args: string[]) => boolean) | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  const environment = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    // The engine is for the tests' own use: none is to run on the machine by itself.
    RUNLEVEL: '1',
  };
  return (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: environment }).status === 0;
}
