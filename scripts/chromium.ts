import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Environment } from './environment.ts';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** The browser on this machine: the one CHROMIUM_PATH names, the system's, or the one Playwright installed. */
export function findChromium(
  environment: Environment,
  exists: (file: string) => boolean = existsSync,
): string | undefined {
  const named = environment.CHROMIUM_PATH;
  if (named) return exists(named) ? named : undefined;
  return [...INSTALLED, chromium.executablePath()].find((file) => file !== '' && exists(file));
}

export const NO_BROWSER =
  'No browser found. Install Chromium (Debian: apt-get install chromium; elsewhere: npx playwright-core install chromium), ' +
  'or name one: CHROMIUM_PATH=/path/to/chromium npm test';

/** Finds a browser, or installs Debian's where that needs no password. */
export function ensureChromium(environment: Environment): string | undefined {
  const found = findChromium(environment);
  if (found || environment.CHROMIUM_PATH) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0;
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', 'chromium')) return undefined;
  return findChromium(environment);
}
