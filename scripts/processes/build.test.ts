import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isBuilt, sourceStamp } from './build.ts';

function project() {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-build-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write('package-lock.json', '{}');
  write('app/page.tsx', 'a');
  write('lib/api/resources.ts', 'b');
  return { root, write };
}

test.each(['app/page.tsx', 'app/new.css', 'lib/api/resources.ts', 'package-lock.json', 'next.config.js'])(
  'a change of %s asks for a new build',
  (file) => {
    const { root, write } = project();
    const before = sourceStamp(root);
    write(file, 'changed');
    expect(sourceStamp(root)).not.toBe(before);
  },
);

test('moving a file asks for a new build', () => {
  const { root, write } = project();
  const before = sourceStamp(root);
  rmSync(path.join(root, 'app/page.tsx'));
  write('app/other.tsx', 'a');
  expect(sourceStamp(root)).not.toBe(before);
});

test.each(['app/page.test.tsx', 'lib/language/README.md', 'tests/e2e/a.test.ts', 'docs/a.md', 'vitest.config.ts'])(
  'a change of %s does not',
  (file) => {
    const { root, write } = project();
    const before = sourceStamp(root);
    write(file, 'changed');
    expect(sourceStamp(root)).toBe(before);
  },
);

test('a build that was not finished, or came from other sources, does not count', () => {
  const { root, write } = project();
  const stamp = sourceStamp(root);
  expect(isBuilt(root, stamp)).toBe(false);
  write('.next/muster-sources', stamp);
  expect(isBuilt(root, stamp)).toBe(false);
  write('.next/BUILD_ID', 'x');
  expect(isBuilt(root, stamp)).toBe(true);
  expect(isBuilt(root, 'other')).toBe(false);
});
