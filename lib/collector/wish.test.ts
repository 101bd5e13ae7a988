import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '#lib/log/index.ts';
import { refreshClient, refreshSocket } from './refresh-client.ts';
import { listenForRefresh, type RefreshCount } from './refresh-server.ts';

const log = createLogger({ level: 'silent', part: 'collector' });
let folder: string;
let open: { close(): Promise<void> }[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-refresh-'));
  open = [];
});
afterEach(async () => {
  for (const server of open) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function listen(answer: (scope: string) => RefreshCount, data = folder) {
  open.push(listenForRefresh(data, answer, log));
}

function say(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(refreshSocket(folder));
    let answer = '';
    connection.on('connect', () => connection.write(text));
    connection.on('data', (more) => {
      answer += more;
    });
    connection.on('close', () => resolve(answer));
    connection.on('error', reject);
  });
}

test('hands the wish on and tells what became of it', async () => {
  const asked: string[] = [];
  listen((scope) => {
    asked.push(scope);
    return scope === '*' ? { accepted: 2, coalesced: 1 } : { accepted: 0, coalesced: 1 };
  });
  const refresh = refreshClient(folder);
  expect(await refresh('*')).toBe('accepted');
  expect(await refresh('aws/1/eu-west-1/instances')).toBe('coalesced');
  expect(asked).toEqual(['*', 'aws/1/eu-west-1/instances']);
});

test('says unknown of a scope that nobody lists', async () => {
  listen(() => ({ accepted: 0, coalesced: 0 }));
  expect(await refreshClient(folder)('aws/1/nowhere/instances')).toBe('unknown');
  expect(await refreshClient(folder)('*')).toBe('coalesced');
});

test('carries an id of 1,024 characters of any kind', async () => {
  const asked: string[] = [];
  listen((scope) => {
    asked.push(scope);
    return { accepted: 1, coalesced: 0 };
  });
  const ids = ['"', 'ü', '\u0001'].map((character) => character.repeat(1024));
  for (const id of ids) expect(await refreshClient(folder)(id)).toBe('accepted');
  expect(asked).toEqual(ids);
});

test('says unreachable where no collector listens', async () => {
  expect(await refreshClient(folder)('*')).toBe('unreachable');
});

test('takes over the socket that a killed collector left behind, and lets nobody else in', async () => {
  writeFileSync(refreshSocket(folder), '');
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(await refreshClient(folder)('*')).toBe('accepted');
  expect(statSync(refreshSocket(folder)).mode & 0o077).toBe(0);
});

test('works for a data folder whose path is too long for a socket', async () => {
  const deep = path.join(folder, 'x'.repeat(80), 'y'.repeat(80));
  mkdirSync(deep, { recursive: true });
  listen(() => ({ accepted: 1, coalesced: 0 }), deep);
  expect(await refreshClient(deep)('*')).toBe('accepted');
});

test.each([
  ['no JSON', 'refresh!\n'],
  ['another shape', '{"refresh":1}\n'],
  ['null', 'null\n'],
  ['an empty scope', '{"refresh":""}\n'],
])('answers %s with what it expected', async (_what, text) => {
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(JSON.parse(await say(text))).toEqual({ error: 'expected {"refresh":"<scope id or *>"}' });
});

test('cuts a line without an end', async () => {
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(await say('x'.repeat(20_000)).catch(() => '')).toBe('');
});
