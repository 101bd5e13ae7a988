import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '#lib/log/index.ts';
import type { Decision, Opinion } from '#lib/model/index.ts';
import { controlClient, controlSocket } from './control-client.ts';
import { type Commands, listenForCommands, type RefreshCount } from './control-server.ts';

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

const refused = () => Promise.reject(new Error('not part of this test'));

function listen(refresh: (scope: string) => RefreshCount, data = folder, more: Partial<Commands> = {}) {
  open.push(listenForCommands(data, { refresh, decide: refused, undecide: refused, ...more }, log));
}
const idle = (): RefreshCount => ({ accepted: 0, coalesced: 0 });

function sendLine(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(controlSocket(folder));
    let answer = '';
    connection.on('connect', () => connection.write(text));
    connection.on('data', (more) => {
      answer += more;
    });
    connection.on('close', () => resolve(answer));
    connection.on('error', reject);
  });
}

test('hands the command on and tells what became of it', async () => {
  const asked: string[] = [];
  listen((scope) => {
    asked.push(scope);
    return scope === '*' ? { accepted: 2, coalesced: 1 } : { accepted: 0, coalesced: 1 };
  });
  const { refresh } = controlClient(folder);
  expect(await refresh('*')).toBe('accepted');
  expect(await refresh('aws/1/eu-west-1/instances')).toBe('coalesced');
  expect(asked).toEqual(['*', 'aws/1/eu-west-1/instances']);
});

test('says unknown of a scope that nobody lists', async () => {
  listen(() => ({ accepted: 0, coalesced: 0 }));
  expect(await controlClient(folder).refresh('aws/1/nowhere/instances')).toBe('unknown');
  expect(await controlClient(folder).refresh('*')).toBe('coalesced');
});

test('carries an id of 1,024 characters of any kind', async () => {
  const asked: string[] = [];
  listen((scope) => {
    asked.push(scope);
    return { accepted: 1, coalesced: 0 };
  });
  const ids = ['"', 'ü', '\u0001'].map((character) => character.repeat(1024));
  for (const id of ids) expect(await controlClient(folder).refresh(id)).toBe('accepted');
  expect(asked).toEqual(ids);
});

test('says unreachable where no collector listens', async () => {
  expect(await controlClient(folder).refresh('*')).toBe('unreachable');
});

test('takes over the socket that a killed collector left behind, and lets nobody else in', async () => {
  writeFileSync(controlSocket(folder), '');
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(await controlClient(folder).refresh('*')).toBe('accepted');
  expect(statSync(controlSocket(folder)).mode & 0o077).toBe(0);
});

const opinion: Opinion = { a: 'vm:a', b: 'vm:b', verdict: 'join', reason: 'one serial number' };
const AT = '2026-11-21T09:00:00.000Z';

test('hands a decision on and answers with what was stored', async () => {
  const heard: Opinion[] = [];
  listen(idle, folder, {
    decide: async (received) => {
      heard.push(received);
      return { ...received, at: AT };
    },
    undecide: async ({ a }) => a === 'vm:a',
  });
  const { decide, undecide } = controlClient(folder);
  expect(await decide(opinion)).toEqual({ answer: 'accepted', decision: { ...opinion, at: AT } });
  expect(heard).toEqual([opinion]);
  expect(await undecide({ a: 'vm:a', b: 'vm:b' })).toEqual({ answer: 'accepted' });
  expect(await undecide({ a: 'vm:x', b: 'vm:b' })).toEqual({ answer: 'unknown' });
});

test('carries two uids of 8,192 characters and a long reason of any kind', async () => {
  let heard: Decision | null = null;
  const long = { ...opinion, a: '"'.repeat(8192), b: '\u0001'.repeat(8192), reason: 'ü'.repeat(500) };
  listen(idle, folder, {
    decide: async (received) => {
      heard = { ...received, at: AT };
      return heard;
    },
  });
  expect(await controlClient(folder).decide(long)).toEqual({ answer: 'accepted', decision: { ...long, at: AT } });
  expect(heard).toEqual({ ...long, at: AT });
});

test('a decision that cannot be stored is refused, without the text of the failure', async () => {
  const fail = () => Promise.reject(new Error('disk of db-7 is full'));
  listen(idle, folder, { decide: fail, undecide: fail });
  const { decide, undecide } = controlClient(folder);
  for (const received of [await decide(opinion), await undecide({ a: 'vm:a', b: 'vm:b' })])
    expect(received).toEqual({ answer: 'refused', reason: 'The collector could not do it; its log says why.' });
});

test('says that nobody answers where no collector listens, or another program does', async () => {
  const { decide, undecide } = controlClient(folder);
  expect(await decide(opinion)).toEqual({ answer: 'unreachable' });
  expect(await undecide({ a: 'vm:a', b: 'vm:b' })).toEqual({ answer: 'unreachable' });
  for (const reply of ['null\n', 'hello\n', '{"decided":{"a":"x"}}\n', '']) {
    const other = createServer((connection) => {
      connection
        .resume()
        .on('error', () => {})
        .end(reply);
    }).listen(controlSocket(folder));
    expect(await decide(opinion), reply).toEqual({ answer: 'unreachable' });
    await new Promise((resolve) => other.close(resolve));
  }
});

test('works for a data folder whose path is too long for a socket', async () => {
  const deep = path.join(folder, 'x'.repeat(80), 'y'.repeat(80));
  mkdirSync(deep, { recursive: true });
  listen(() => ({ accepted: 1, coalesced: 0 }), deep);
  expect(await controlClient(deep).refresh('*')).toBe('accepted');
});

test.each([
  ['no JSON', 'refresh!\n'],
  ['another shape', '{"refresh":1}\n'],
  ['null', 'null\n'],
  ['an empty scope', '{"refresh":""}\n'],
  ['two commands at once', '{"refresh":"*","undecide":{"a":"x","b":"y"}}\n'],
  ['a decision about one resource', '{"decide":{"a":"x","b":"x","verdict":"join","reason":"r"}}\n'],
  ['a decision without a reason', '{"decide":{"a":"x","b":"y","verdict":"join","reason":" "}}\n'],
  ['another verdict', '{"decide":{"a":"x","b":"y","verdict":"maybe","reason":"r"}}\n'],
  [
    'a decision that dates itself',
    '{"decide":{"a":"x","b":"y","verdict":"join","reason":"r","at":"2026-11-21T09:00:00.000Z"}}\n',
  ],
  ['a pair of one', '{"undecide":{"a":"x","b":"x"}}\n'],
])('answers %s with what it expected', async (_what, text) => {
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(JSON.parse(await sendLine(text))).toEqual({ refused: expect.stringMatching(/^expected \{"refresh":/) });
});

test('cuts a line without an end', async () => {
  listen(() => ({ accepted: 1, coalesced: 0 }));
  expect(await sendLine('x'.repeat(200_000)).catch(() => '')).toBe('');
});
