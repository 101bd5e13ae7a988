import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './address.ts';

/** Everything that can change what `next build` makes. */
const SOURCES = [
  'app/**',
  'lib/**',
  'providers/**',
  'public/**',
  '*.{js,ts}',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_BUILT = /\.test\.tsx?$|\.md$|^next-env\.d\.ts$|^vitest\.config\.ts$/;

/** A fingerprint of the sources: any change of a name or a byte changes it, tests and prose excepted. */
export function sourceStamp(root: string): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !NOT_BUILT.test(file));
  for (const file of files.sort()) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

const stampFile = (root: string) => path.join(root, '.next', 'muster-sources');

export function isBuilt(root: string, stamp: string): boolean {
  const complete = existsSync(path.join(root, '.next', 'BUILD_ID')) && existsSync(stampFile(root));
  return complete && readFileSync(stampFile(root), 'utf8') === stamp;
}

/**
 * Builds the page unless the build at hand was made from exactly these sources.
 * `env` is the builder's whole environment: no credential has a place in it.
 */
export async function ensureBuild(
  root: string,
  env: Record<string, string>,
  print: (line: string) => void,
): Promise<void> {
  const stamp = sourceStamp(root);
  if (isBuilt(root, stamp)) return;
  print('Building the page (next build) ...');
  rmSync(stampFile(root), { force: true });
  const next = path.join(root, 'node_modules/next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 2, 2],
  });
  const endChild = () => child.kill('SIGTERM');
  process.once('exit', endChild);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('exit', resolve).on('error', reject);
  const code = await promise.finally(() => process.off('exit', endChild));
  if (code !== 0) throw new StartError('next build failed; its reasons are above', 1);
  writeFileSync(stampFile(root), stamp);
}
