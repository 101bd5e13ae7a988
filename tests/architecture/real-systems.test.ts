import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

// They share the machine, so they run one at a time, and never at the other date: an engine has the machine's own.
test('what starts a real engine or server is a test of tests/real', () => {
  const starts = globSync('{app,lib,providers,scripts,tests}/**/*.test.{ts,tsx}', { cwd: ROOT }).filter((file) =>
    /tests\/support\/(\w+\/)?(docker-engine|real-[\w-]+)\.ts'/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(starts).toContain('tests/real/docker-engine.test.ts');
  expect(starts.filter((file) => !file.startsWith('tests/real/'))).toEqual([]);
});
