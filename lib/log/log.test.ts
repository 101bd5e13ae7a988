import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Logger as ContractLogger } from '#providers/contract.ts';
import { createLogger, isKnownEvent, type LogLevel } from './index.ts';

function recorder(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, part: 'collector', to: { write: (line: string) => void lines.push(line) } });
  return { log, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') };
}

test('writes one JSON line in UTC with level, part, event and fields', () => {
  const { log, lines, last } = recorder();
  log.info('scope.listed', { scope: 'demo/1/*/pods', rows: 3 });
  expect(lines).toHaveLength(1);
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    part: 'collector',
    event: 'scope.listed',
    scope: 'demo/1/*/pods',
    rows: 3,
  });
});

test('is the logger that adapters are handed, and an event that is not ours becomes a field', () => {
  const { log, last } = recorder();
  const contract: ContractLogger = log;
  contract.warn('page\u001b[31m.slow\n{"level":"error"}', { event: 'forged', level: 'forged' });
  expect(last()).toMatchObject({
    level: 'warn',
    event: 'other',
    name: 'page.slow {"level":"error"}',
    event_: 'forged',
    level_: 'forged',
  });
});

test('says nothing below its level', () => {
  const { log, lines } = recorder('warn');
  log.debug('scope.listed');
  log.info('scope.listed');
  expect(lines).toEqual([]);
  log.error('scope.failed');
  expect(lines).toHaveLength(1);
});

test.each([
  ['a colour', 'red \u001b[31mname\u001b[0m', 'red name'],
  ['a terminal title', 'a\u001b]0;owned\u0007b', 'ab'],
  ['a hyperlink', '\u001b]8;;https://evil.test\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['an 8-bit sequence', 'a\u009b2Jb', 'ab'],
  ['a forged line', 'ok\r\n{"level":"info"}', 'ok {"level":"info"}'],
  ['NUL, DEL and line separators', 'a\0b\u007fc\u2028d', 'a b c d'],
  ['a direction override', 'safe\u202egpj.exe', 'safe gpj.exe'],
  ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
])('strips %s from foreign text', (_what, text, clean) => {
  const { log, last } = recorder();
  log.info('scope.failed', { message: text, nested: [{ text }] });
  expect(last()).toMatchObject({ message: clean, nested: [{ text: clean }] });
});

test.each([
  ['authorization', { headers: { Authorization: 'Bearer canary-1234567890' } }],
  ['password', { source: { dbPassword: 'canary' } }],
  ['secret access key', { secretAccessKey: 'canary', accessKeyId: 'canary' }],
  ['token', { sessionToken: 'canary', id_token: 'canary' }],
  ['private key', { private_key: 'canary', privateKey: 'canary' }],
  ['connection string', { connectionString: 'canary' }],
  ['address with a user', { url: 'https://user:canary@cloud.test/path' }],
  ['bearer in text', { message: 'sent authorization: Bearer canary-1234567890' }],
  ['JWT in text', { message: 'got eyJcanaryAAAA.eyJcanaryBBBB.canary' }],
  ['PEM in text', { message: '-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----' }],
  ['pair in text', { message: 'GET /x?access_token=canary&b=1 password: "canary" {"client_secret":"canary"}' }],
  ['secret beyond the clip', { message: `${'x'.repeat(480)} password=${'canary'.repeat(100)}` }],
  ['a text that was thrown', { error: 'canary' }],
  ['error with a secret message', { error: new TypeError('boom canary\n    at canary (canary.ts:1:1)') }],
])('never writes a secret: %s', (_what, fields) => {
  const { log, lines } = recorder();
  log.error('scope.failed', fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('canary');
});

test('an error shows its name, code and places', () => {
  const { log, last } = recorder();
  log.error('scope.failed', { error: Object.assign(new RangeError('hidden'), { code: 'ECONNRESET' }) });
  expect(last()).toMatchObject({ error: { name: 'RangeError', code: 'ECONNRESET' } });
  expect(JSON.stringify(last())).toContain('log.test.ts');
});

test('bounds what a field can take: strings, lists, depth, cycles', () => {
  const { log, lines } = recorder();
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  log.info('scope.failed', { long: 'x'.repeat(100_000), list: Array(100_000).fill('y'), cycle });
  expect(lines[0]?.length).toBeLessThan(5_000);
  expect(lines[0]).toContain('[too deep]');
});

test('fault 78: keys such as __proto__ are data in a field', () => {
  const { log, lines } = recorder();
  log.info('scope.failed', JSON.parse('{"tags":{"__proto__":"p","constructor":"c"}}'));
  expect(lines[0]).toContain('"__proto__":"p"');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('every event that our code logs is in the closed list', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const unknown: string[] = [];
  for (const folder of ['lib', 'app']) {
    for (const file of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) continue;
      const code = readFileSync(path.join(root, folder, file), 'utf8');
      for (const [, event = ''] of code.matchAll(/\blog\.(?:debug|info|warn|error)\(\s*'([^']+)'/g)) {
        if (!isKnownEvent(event)) unknown.push(`${folder}/${file}: ${event}`);
      }
    }
  }
  expect(unknown).toEqual([]);
});
