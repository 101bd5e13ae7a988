import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import type { Environment } from '../processes/environment.ts';
import { ensurePackages, type Packages } from './debian.ts';

const CHROMIUM: Packages = { chromium: '/usr/bin/chromium' };
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
  'No browser found. Install Chromium (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), ' +
  'or name one: CHROMIUM_PATH=/path/to/chromium npm test';

/** Finds a browser, or installs Debian's where that needs no password. */
export function ensureChromium(environment: Environment): string | undefined {
  const found = findChromium(environment);
  if (found || environment.CHROMIUM_PATH) return found;
  ensurePackages(CHROMIUM);
  return findChromium(environment);
}
