import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { documentedCommands, isAccountedFor, LEFT_OUT, RUN_FILES } from '#tests/commands/documented.ts';

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

test('fault 115: every command of a document, and every script, is run by a test or says why not', () => {
  const documented = documentedCommands(ROOT);
  const commands = Object.keys(scripts).map((name) => `npm ${/^(start|test)$/.test(name) ? '' : 'run '}${name}`);
  expect([...documented.keys(), ...commands].filter((command) => !isAccountedFor(command))).toEqual([]);
  // Nothing is kept on the lists that nobody tells people to type.
  expect([...Object.keys(LEFT_OUT), ...RUN_FILES].filter((command) => !documented.has(command))).toEqual([]);
});

test('a command that no test runs is noticed', () => {
  for (const command of ['npm run bench -- everything', 'npm run gone', 'node tests/bench/other.ts', 'npm ci'])
    expect(isAccountedFor(command), command).toBe(false);
});

test('start, dev, test and verify have their entries', () => {
  for (const name of ['start', 'dev', 'test', 'verify']) {
    const entry = scripts[name]?.split(' ').at(-1) ?? '';
    expect(existsSync(path.join(ROOT, entry)), entry).toBe(true);
  }
});
