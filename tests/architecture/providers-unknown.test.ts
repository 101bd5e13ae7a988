import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '#providers/registry.ts';

/** What works for any provider: it goes by facts of a row, a scope or a manifest. */
const ROOMS = '{lib/{columns,index,linking,language,api,questions,sync,store,web},app/ui}/**/*.{ts,tsx}';
const TESTING = /\.test\.tsx?$|\/testing\//;

const ids = Object.keys(registry).join('|');
const literals = (code: string): string[] => code.match(new RegExp(`(['"\`])(${ids})\\1`, 'g')) ?? [];

test('no room between providers and the page names a provider', () => {
  const cwd = path.resolve(import.meta.dirname, '../..');
  const files = globSync(ROOMS, { cwd }).filter((file) => !TESTING.test(file));
  expect(files.length).toBeGreaterThan(100);
  const named = files.flatMap((file) =>
    literals(readFileSync(path.join(cwd, file), 'utf8')).map((literal) => `${file}: ${literal}`),
  );
  expect(named).toEqual([]);
});

test('finds a name wherever it is a text of its own', () => {
  expect(literals('scope.provider === \'kubernetes\' || provider === "aws"')).toEqual(["'kubernetes'", '"aws"']);
  expect(literals("// as docker does it\nimport './docker.ts';")).toEqual([]);
});
