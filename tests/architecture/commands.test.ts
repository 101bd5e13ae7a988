import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);

// `exec`: npm passes a signal on to its shell only, and a shell that waits for a command does not pass it on.
test.each(Object.entries(scripts))('npm run %s works from a bare clone and hears signals', (_, command) => {
  expect(command).toMatch(/^exec node scripts\/bootstrap\.mjs [\w/.-]+\.ts$/);
});

test('the gate calls exactly npm test', () => {
  const gate = readFileSync(path.join(ROOT, '.ci/run'), 'utf8');
  expect(gate.trimEnd().split('\n').at(-1)).toBe('exec npm test');
  expect(statSync(path.join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0);
});

test('start, dev, test and verify have their entries', () => {
  for (const name of ['start', 'dev', 'test', 'verify']) {
    const entry = scripts[name]?.split(' ').at(-1) ?? '';
    expect(existsSync(path.join(ROOT, entry)), entry).toBe(true);
  }
});
