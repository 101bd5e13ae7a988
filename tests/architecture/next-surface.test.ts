import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseSource, type Source } from '#scripts/import-rules/parse.ts';
import { readSources } from '#scripts/sources.ts';
import config from '../../next.config.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
// This file names what it forbids, in code that is only parsed.
const sources = readSources(ROOT).filter(({ path: file }) => !file.startsWith('tests/architecture/'));

/** The parts of Next where most of its advisories sit; the project does without them. */
function riskyUse({ path: file, directives, imports }: Source): string[] {
  return [
    ...directives.filter((directive) => /^use (server|cache)\b/.test(directive)),
    ...imports.flatMap(({ specifier }) =>
      /^next\/(legacy\/)?image(\.js)?$/.test(specifier ?? '') ? [`${specifier}`] : [],
    ),
    ...(/^(src\/)?(pages\/|middleware\.)/.test(file) ? [file] : []),
  ];
}

test.each([
  ['app/a.ts', `'use server'; export async function a() {}`],
  ['app/a.ts', `export async function a() { 'use server'; }`],
  ['app/a.ts', `'use cache'; export async function a() {}`],
  ['app/a.ts', `export async function a() { 'use cache: remote'; }`],
  ['app/a.tsx', `import Image from 'next/image';`],
  ['app/a.tsx', `const Image = await import('next/legacy/image');`],
  ['pages/index.tsx', ''],
  ['middleware.ts', ''],
])('%s: %s is found', (file, code) => {
  expect(riskyUse(parseSource(file, code))).toHaveLength(1);
});

test('the project uses no server action, no cached function, no image optimizer, no pages and no middleware', () => {
  expect(sources.flatMap((source) => riskyUse(source).map((use) => `${source.path}: ${use}`))).toEqual([]);
  for (const folder of ['pages', 'src/pages', 'src/app']) expect(existsSync(path.join(ROOT, folder))).toBe(false);
});

test('next.config.js opens nothing that the project does not need', () => {
  expect(config.images).toEqual({ unoptimized: true });
  expect(config.poweredByHeader).toBe(false);
  for (const risky of ['rewrites', 'redirects', 'experimental', 'cacheComponents', 'i18n', 'assetPrefix'] as const) {
    expect(config, risky).not.toHaveProperty(risky);
  }
});
