import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commandOf } from './steps.ts';
import { readResults, skippedLines, summaryLine } from './test-results.ts';

/** Runs Vitest itself over some files, once per group, and adds up what the reporter wrote. */
function results(...runs: Record<string, string>[]) {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-results-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const out = path.join(root, 'results');
  mkdirSync(out);
  for (const [index, files] of runs.entries()) {
    const folder = path.join(root, String(index));
    mkdirSync(folder);
    for (const [file, code] of Object.entries(files)) writeFileSync(path.join(folder, file), code);
    const reporter = path.join(import.meta.dirname, 'results-reporter.ts');
    spawnSync(process.execPath, [commandOf('vitest'), 'run', '--globals', '--root', folder, `--reporter=${reporter}`], {
      env: { ...process.env, TEST_RESULTS: out },
    });
  }
  return readResults(out);
}

test('adds up what passed, failed and was skipped over several runs', () => {
  const sum = results(
    { 'a.test.ts': `test('a', () => {}); test('b', () => { throw new Error('no'); }); test.todo('c');` },
    { 'b.test.ts': `test('d', () => {}); test.skip('e (needs the moon)', () => {});` },
  );
  expect(summaryLine(sum)).toBe('2 passed, 1 failed, 2 skipped');
});

test('lists skipped tests with their reasons', () => {
  const sum = results({ 'a.test.ts': `describe('moon', () => test('is full', (t) => t.skip('it is day')));` });
  expect(skippedLines(sum)).toEqual(['skipped: a.test.ts: moon > is full (it is day)']);
});

test('counts a file that cannot be loaded, a hook that fails and an error that nobody caught', () => {
  const sum = results({
    'a.test.ts': `throw new Error('no');`,
    'b.test.ts': `describe('b', () => { beforeAll(() => { throw new Error('no'); }); test('x', () => {}); });`,
    'c.test.ts': `test('c', () => { void Promise.reject(new Error('no')); });`,
  });
  expect(sum).toMatchObject({ passed: 1, failed: 3 });
});
