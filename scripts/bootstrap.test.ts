import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** Stands for npm: notes how it was called and installs what the lockfile names, with this Node as the pinned one. */
const NPM = `
const { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.log('npm talks');
if (process.env.NPM_FAILS) process.exit(3);
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/.bin', { recursive: true });
if (process.env.PINNED_NODE) symlinkSync(process.env.PINNED_NODE, 'node_modules/.bin/node');
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
delete packages.other;
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;
const ENTRY = `
const args: string[] = process.argv.slice(2);
process.stdout.write(JSON.stringify({ args, node: process.execPath, main: import.meta.main }));
process.exitCode = 7;
`;
const lockfile = (version: string) =>
  JSON.stringify({ packages: { '': {}, a: { version, integrity: version }, other: { version, optional: true } } });

function project() {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-bootstrap-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(path.join(root, 'scripts'));
  copyFileSync(path.join(import.meta.dirname, 'bootstrap.mjs'), path.join(root, 'scripts/bootstrap.mjs'));
  const write = (file: string, text: string) => writeFileSync(path.join(root, file), text);
  write('package.json', '{"type":"module"}');
  write('package-lock.json', lockfile('1.0.0'));
  write('npm.cjs', NPM);
  write('entry.ts', ENTRY);
  const run = (node = process.execPath, more: Record<string, string> = {}) =>
    spawnSync(node, [path.join(root, 'scripts/bootstrap.mjs'), 'entry.ts', 'one', '--two=2'], {
      cwd: tmpdir(),
      encoding: 'utf8',
      env: {
        ...process.env,
        npm_execpath: path.join(root, 'npm.cjs'),
        npm_node_execpath: node,
        PINNED_NODE: process.execPath,
        ...more,
      },
    });
  const npmCalls = () => {
    const calls = path.join(root, 'npm-calls');
    return existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
  };
  return { root, write, run, npmCalls };
}

/** A Node older than the project's, as many machines carry. */
const oldNode = (process.env.PATH ?? '')
  .split(':')
  .map((entry) => path.join(entry, 'node'))
  .filter((file) => existsSync(file))
  .find(
    (file) => Number.parseInt(spawnSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout, 10) < 26,
  );

test('installs from the lockfile without install scripts, then runs the entry with its arguments and exit code', () => {
  const { run, npmCalls } = project();
  const { stdout, status } = run();
  expect(npmCalls()).toEqual([
    'ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund --loglevel=error',
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ args: ['one', '--two=2'], main: true });
  expect(status).toBe(7);
});

test('installs once, and again when the lockfile changes', () => {
  const { run, npmCalls, write } = project();
  run();
  run();
  expect(npmCalls()).toHaveLength(1);
  write('package-lock.json', lockfile('2.0.0'));
  run();
  run();
  expect(npmCalls()).toHaveLength(2);
});

test('installs nothing where someone has already run npm install', () => {
  const { root, run, npmCalls, write } = project();
  mkdirSync(path.join(root, 'node_modules'));
  write('node_modules/.package-lock.json', lockfile('1.0.0'));
  expect(run().status).toBe(7);
  expect(npmCalls()).toEqual([]);
});

test('installs again what an interrupted install left', () => {
  const { root, run, npmCalls } = project();
  run();
  rmSync(path.join(root, 'node_modules/.package-lock.json'));
  run();
  expect(npmCalls()).toHaveLength(2);
});

test("ends with npm's code when the install fails, and tries again next time", () => {
  const { run, npmCalls } = project();
  expect(run(process.execPath, { NPM_FAILS: '1' }).status).toBe(3);
  expect(run().status).toBe(7);
  expect(npmCalls()).toHaveLength(2);
});

test.skipIf(!oldNode)(
  'runs the entry on the pinned Node when npm itself runs on an older one (needs one on the PATH)',
  () => {
    const { stdout, status } = project().run(oldNode);
    expect(JSON.parse(stdout)).toMatchObject({ args: ['one', '--two=2'], node: realpathSync(process.execPath) });
    expect(status).toBe(7);
  },
);

test.skipIf(!oldNode)(
  'says what to install where no Node for the machine came through npm (needs an old one on the PATH)',
  () => {
    const { status, stderr } = project().run(oldNode, { PINNED_NODE: '' });
    expect(stderr).toContain('Install Node 26');
    expect(status).toBe(78);
  },
);
