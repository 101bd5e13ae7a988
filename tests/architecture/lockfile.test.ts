import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkLockfile } from '#scripts/lockfile/check.ts';
import { type Lockfile, missingPackages, platformEntry } from '#scripts/lockfile/packages.ts';

const read = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
const good = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };
const check = (name: string, more: object) =>
  checkLockfile({ packages: { '': {}, [`node_modules/${name}`]: { ...good, ...more } } }, { known: false });

test('fault 97: the lockfile holds nothing that nobody decided on', () => {
  const lockfile: Lockfile = JSON.parse(read('package-lock.json'));
  const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(read('package.json'));
  expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100);
  expect(checkLockfile(lockfile, allowScripts)).toEqual([]);
  expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

test('fault 97: no install script runs, allowed or not', () => {
  const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(read('package.json'));
  expect(Object.values(allowScripts)).not.toContain(true);
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
});

test.each([
  ['a new install script', 'new', { hasInstallScript: true }, 'new runs a script when installed'],
  ['a download address', 'a', { resolved: 'https://example.com/a.tgz' }, 'a names where it was downloaded'],
  ['a package without integrity', 'a', { integrity: undefined }, 'a has no integrity'],
  ['a weak hash', 'a', { integrity: 'sha1-x' }, 'a has an integrity that is not SHA-512'],
  ['a link', 'a', { link: true }, 'a is a link'],
  ['a GPL licence', '@x/a', { license: 'GPL-3.0-only' }, '@x/a has the licence GPL-3.0-only'],
  ['an AGPL part', 'a', { license: 'MIT AND AGPL-3.0-only' }, 'a has the licence MIT AND AGPL-3.0-only'],
  ['no licence', 'a', { license: undefined }, 'a has the licence undefined'],
  ['an old XML parser', 'fast-xml-parser', { version: '5.5.6' }, 'fast-xml-parser expands XML entities'],
])('fault 97: finds %s', (_, name, more, problem) => {
  expect(check(name, more)).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ['an install script that is known', 'known', { hasInstallScript: true }],
  ['a choice of licences', 'a', { license: '(GPL-2.0-only OR MIT)' }],
  ['a current XML parser', 'fast-xml-parser', { version: '5.10.0' }],
])('accepts %s', (_, name, more) => {
  expect(check(name, more)).toEqual([]);
});

test('npm ci refuses a lockfile that leaves out what a package needs: it is found, and a binary can be entered', () => {
  const lockfile: Lockfile = {
    packages: {
      '': { dependencies: { tool: '1.0.0' } },
      'node_modules/tool': {
        ...good,
        dev: true,
        dependencies: { here: '1.0.0' },
        optionalDependencies: { 'tool-linux-x64-musl': '1.0.0', 'tool-darwin-arm64': '1.0.0' },
      },
      'node_modules/tool/node_modules/here': { ...good, dependencies: { tool: '1.0.0', gone: '2.0.0' } },
      'node_modules/tool-linux-x64-musl': good,
    },
  };
  const missing = missingPackages(lockfile);
  expect(missing.map(({ name, optional }) => [name, optional])).toEqual([
    ['tool-darwin-arm64', true],
    ['gone', false],
  ]);
  expect(missing.slice(0, 1).map((one) => platformEntry(one, lockfile))).toEqual([
    { version: '1.0.0', cpu: ['arm64'], dev: true, license: 'MIT', optional: true, os: ['darwin'] },
  ]);
  expect(checkLockfile(lockfile, {})).toContain('gone is needed by here and not locked');
});
