import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlClient } from '#lib/collector/control-client.ts';
import { openReadStore } from '#lib/store/index.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

let folder: string;
let ends: (() => void)[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-process-'));
  ends = [];
});
afterEach(() => {
  for (const end of ends) end();
  rmSync(folder, { recursive: true, force: true });
});

/** The real process; lines of its standard error are handed out as they come. */
function collector(variables: Record<string, string>, nodeOptions: string[] = [], file = 'lib/collector/main.ts') {
  const child = spawn(process.execPath, [...nodeOptions, path.join(ROOT, file)], {
    cwd: folder,
    env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', MUSTER_DATA: path.join(folder, 'data'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  ends.push(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const waiting: { text: string; resolve(): void }[] = [];
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    for (const wait of waiting) if (line.includes(wait.text)) wait.resolve();
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  const untilPrinted = (text: string): Promise<unknown> => {
    if (lines.some((line) => line.includes(text))) return Promise.resolve();
    const printed = new Promise<void>((resolve) => waiting.push({ text, resolve }));
    return Promise.race([
      printed,
      ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${lines.join('\n')}`))),
    ]);
  };
  return { child, lines, ended, untilPrinted, output: () => output };
}

const CANARY = 'canary-value';

test('fault 90: a wrong configuration ends the process with 78 and each problem once, without values', async () => {
  const config = path.join(folder, 'wrong.yaml');
  writeFileSync(
    config,
    `sources:\n  - id: a\n    provider: aws\n    regoin: ${CANARY}\n    interval: ${CANARY}\n  - id: a\n    provider: ${CANARY}\n`,
  );
  const { ended, lines } = collector({ MUSTER_CONFIG: config });
  expect(await ended).toBe(78);
  expect(lines.map((line) => line.slice(config.length)).sort()).toEqual([
    expect.stringMatching(/^:4:5: sources\[0\]\.regoin: expected no such key$/),
    expect.stringMatching(/^:5:5: sources\[0\]\.interval: expected a time from 10s to 24h/),
    expect.stringMatching(/^:6:5: sources\[1\]\.id: expected an id that no other source has$/),
    expect.stringMatching(/^:7:5: sources\[1\]\.provider: expected one of aws, /),
  ]);
  expect(lines.join()).not.toContain(CANARY);
});

test('fault 90: a wrong environment ends the process with 78 before it opens anything', async () => {
  const { ended, lines } = collector({
    PORT: CANARY,
    LOG_LEVEL: CANARY,
    MUSTER_CONFIG: path.join(folder, 'absent.yaml'),
  });
  expect(await ended).toBe(78);
  expect(lines).toEqual([
    'environment: PORT: expected a number from 0 to 65535',
    'environment: LOG_LEVEL: expected one of error, warn, info, debug, silent',
  ]);
});

test('fault 89: SIGTERM while the demo is collected ends the process with 0', async () => {
  const { child, ended, untilPrinted, lines } = collector({ LOG_LEVEL: 'debug' });
  await untilPrinted('"event":"scope.listed"');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(lines.at(-1)).toContain('"event":"collector.stopped"');
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ part: 'collector', time: expect.stringMatching(/Z$/) });
});

test('fault 49: a decision that was acknowledged outlives a kill, and the next process reads it and the permissions', async () => {
  const first = collector({ LOG_LEVEL: 'debug' });
  await first.untilPrinted('"event":"control.listening"');
  await first.untilPrinted('"event":"permissions.seen"');
  const data = path.join(folder, 'data');
  const printed = { a: 'vm:b', b: 'vm:a', verdict: 'join', reason: 'one serial number' } as const;
  const answer = await controlClient(data).decide(printed);
  first.child.kill('SIGKILL');
  expect(answer).toMatchObject({ answer: 'accepted', decision: { ...printed, a: 'vm:a', b: 'vm:b' } });
  await first.ended;
  const second = collector({});
  await second.untilPrinted('"event":"collector.started"');
  const reader = await openReadStore(path.join(data, 'muster.db'));
  const decisions = await reader.decisions();
  const seen = await reader.permissions();
  await reader.close();
  expect(decisions).toEqual([answer.answer === 'accepted' ? answer.decision : null]);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen[0]?.permissions.length).toBeGreaterThan(0);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('fault 56: a second process on the same data ends with 75', async () => {
  const first = collector({});
  await first.untilPrinted('"event":"collector.started"');
  const second = collector({});
  expect(await second.ended).toBe(75);
  expect(second.lines.join()).toContain('"refusal":"locked"');
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
});

test.each([
  [
    'a rejection',
    'collector.unhandled-rejection',
    `Promise.reject(new TypeError('${CANARY}')); Promise.reject('${CANARY}')`,
  ],
  ['an exception', 'collector.uncaught-exception', `throw new TypeError('${CANARY}')`],
])('fault 99: %s where nobody listens is logged without its text and ends nothing', async (_what, event, code) => {
  const preload = path.join(folder, 'stray.mjs');
  // As soon as the process listens for it.
  writeFileSync(
    preload,
    `process.on('newListener', (name) => { if (name === 'uncaughtException') setImmediate(() => { ${code} }) })`,
  );
  const { child, ended, untilPrinted, lines } = collector({}, ['--import', preload]);
  await untilPrinted(`"event":"${event}"`);
  await untilPrinted('"event":"collector.started"');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(lines.join()).toContain('TypeError');
  expect(lines.join()).not.toContain(CANARY);
});

test('check-config says what it understood of the demo and ends with 0', async () => {
  const { ended, output, lines } = collector({}, [], 'lib/collector/check-config.ts');
  expect(await ended).toBe(0);
  expect(lines).toEqual([]);
  expect(output()).toContain('No muster.yaml: the demo fleet.');
  expect(output()).toMatch(/^aws: AWS, demo fleet, every 30 s$/m);
  expect(output()).toMatch(/^ {2}ec2:DescribeInstances: allowed/m);
});
