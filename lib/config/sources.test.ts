import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Connection, Environment, Provider } from '#providers/contract.ts';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';
import { ConfigError } from './environment.ts';
import { loadConfiguration } from './load.ts';
import { demoSources, type Providers, readSources } from './sources.ts';

const cloudConfig = z.strictObject({
  mock: mockSchema.optional(),
  endpoint: endpointSchema.optional(),
  token: z.string().min(8).optional(),
  accounts: z
    .array(z.strictObject({ id: z.string().regex(/^\d{12}$/, 'twelve digits'), role: z.string().optional() }))
    .default([]),
  regions: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  limit: z.number().int().max(10).optional(),
});

function provider<C>(id: string, config: z.ZodType<C>, opened: unknown[] = []): Provider<C> {
  return {
    id,
    label: id,
    short: id,
    kinds: ['vm'],
    color: { light: '#000000', dark: '#ffffff' },
    config,
    concurrency: { provider: 8, account: 2 },
    load: async () => ({
      open: async (config, env) => {
        opened.push({ config, source: env.source });
        return {} as Connection;
      },
    }),
  };
}

const opened: unknown[] = [];
const providers: Providers = { cloud: provider('cloud', cloudConfig, opened), other: provider('other', cloudConfig) };
const read = (text: string) => readSources(text, 'muster.yaml', providers);

function problems(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines();
    throw error;
  }
  return [];
}

const env = { source: 'prod' } as Environment;

test('reads sources, each with its own keys and pace', async () => {
  const { sources, history, demo } = read(`
sources:
  - id: prod
    provider: cloud
    interval: 10m
    accounts:
      - id: "123456789012"
  - id: demo
    provider: other
    mock: { seed: 7 }
history:
  keep: 7d
`);
  expect(demo).toBe(false);
  expect(history).toBe(7 * 86_400_000);
  expect(
    sources.map(({ id, provider, mock, interval, discovery }) => [id, provider.id, mock, interval, discovery]),
  ).toEqual([
    ['prod', 'cloud', false, 600_000, 1_800_000],
    ['demo', 'other', true, 30_000, 300_000],
  ]);
  await sources[0]?.open(env);
  expect(opened).toEqual([{ config: { accounts: [{ id: '123456789012' }], regions: 'all' }, source: 'prod' }]);
});

test('keeps 30 days of changes unless told otherwise', () => {
  expect(read('sources: [{id: a, provider: cloud}]').history).toBe(30 * 86_400_000);
});

test('without a file: one mock source per provider, one fleet of 2,000 resources', () => {
  const { sources, demo } = demoSources(providers);
  expect(demo).toBe(true);
  expect(sources.map(({ id, mock, interval }) => [id, mock, interval])).toEqual([
    ['cloud', true, 30_000],
    ['other', true, 30_000],
  ]);
  expect(demoSources({}).sources).toEqual([]);
});

const one = (keys: string) => `sources:\n  - id: a\n    provider: cloud\n    ${keys}\n`;

test.each([
  ['nothing', '', 'muster.yaml: (file): expected keys and values'],
  ['no sources', 'history: {keep: 1d}', 'muster.yaml:1:1: sources: expected a list'],
  ['an empty list', 'sources: []', 'muster.yaml:1:1: sources: expected at least one source'],
  ['a source that is a word', 'sources: [canary]', 'muster.yaml:1:11: sources[0]: expected keys and values'],
  ['a missing id', 'sources:\n  - provider: cloud', 'muster.yaml:2:5: sources[0].id: expected a text'],
  ['a missing provider', 'sources:\n  - id: a', 'muster.yaml:2:5: sources[0].provider: expected a text'],
  [
    'an id with a slash',
    'sources: [{provider: cloud, id: canary/x}]',
    'muster.yaml:1:29: sources[0].id: expected lower-case letters, digits and dashes, at most 63',
  ],
  [
    'a provider that does not exist',
    'sources: [{id: a, provider: canary}]',
    'muster.yaml:1:19: sources[0].provider: expected one of cloud, other',
  ],
  [
    'a provider called __proto__ or constructor',
    'sources: [{id: a, provider: constructor}]',
    'muster.yaml:1:19: sources[0].provider: expected one of cloud, other',
  ],
  [
    'an id twice',
    'sources: [{id: a, provider: cloud}, {id: a, provider: cloud}]',
    'muster.yaml:1:38: sources[1].id: expected an id that no other source has',
  ],
  ['an unknown key', one('canry: canary'), 'muster.yaml:4:5: sources[0].canry: expected no such key'],
  [
    'an unknown key at the top',
    'sources: [{id: a, provider: cloud}]\nsorces: 1',
    'muster.yaml:2:1: sorces: expected no such key',
  ],
  ['a wrong type', one('limit: canary'), 'muster.yaml:4:5: sources[0].limit: expected a number'],
  ['a number out of range', one('limit: 99'), 'muster.yaml:4:5: sources[0].limit: expected at most 10'],
  [
    'a wrong format deep inside',
    one('accounts: [{ id: canary }]'),
    'muster.yaml:4:18: sources[0].accounts[0].id: expected twelve digits',
  ],
  ['a wrong branch of a union', one('regions: [1]'), 'muster.yaml:4:15: sources[0].regions[0]: expected a text'],
  [
    'no branch of a union',
    one('regions: canary'),
    'muster.yaml:4:5: sources[0].regions: expected one of all or a list',
  ],
  [
    'an interval too short',
    one('interval: 1s'),
    'muster.yaml:4:5: sources[0].interval: expected a time from 10s to 24h, such as 30s, 5m or 1h',
  ],
  [
    'an interval without a unit',
    one('interval: 300'),
    'muster.yaml:4:5: sources[0].interval: expected a time from 10s to 24h, such as 30s, 5m or 1h',
  ],
  [
    'an endpoint in plain http',
    one('endpoint: http://canary.test'),
    'muster.yaml:4:5: sources[0].endpoint: expected an https:// address (http:// on loopback only) without user or password',
  ],
  [
    'a mock out of range',
    one('mock: { seed: 1, resources: 0 }'),
    'muster.yaml:4:22: sources[0].mock.resources: expected at least 1',
  ],
  [
    'changeme',
    one('token: changeme'),
    'muster.yaml:4:5: sources[0].token: expected a value of yours instead of a placeholder',
  ],
  [
    '<your token>',
    one('token: <your token>'),
    'muster.yaml:4:5: sources[0].token: expected a value of yours instead of a placeholder',
  ],
  [
    'a trivial secret',
    one('token: password'),
    'muster.yaml:4:5: sources[0].token: expected a value of yours instead of a placeholder',
  ],
  ['an escape in a key', one('"a\\u001b[31m": 1'), 'muster.yaml:4:5: sources[0].a?[31m: expected no such key'],
])('fault 90: refuses %s once, with place and expectation and without the value', (_what, text, line) => {
  expect(problems(text)).toEqual([line]);
  expect(problems(text).join()).not.toContain('canary');
});

test('fault 90: names all problems of a file, each once', () => {
  expect(
    problems(`
sources:
  - id: A
    provider: cloud
    token: changeme
    limit: many
  - id: b
    provider: nowhere
history: { keep: never, days: 3 }
`),
  ).toEqual([
    'muster.yaml:5:5: sources[0].token: expected a value of yours instead of a placeholder',
    'muster.yaml:9:12: history.keep: expected a time from 1h to 3650d, such as 30s, 5m or 1h',
    'muster.yaml:9:25: history.days: expected no such key',
    'muster.yaml:3:5: sources[0].id: expected lower-case letters, digits and dashes, at most 63',
    'muster.yaml:6:5: sources[0].limit: expected a number',
    'muster.yaml:8:5: sources[1].provider: expected one of cloud, other',
  ]);
});

const bomb = (levels: number) =>
  `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`).join('\n')}\n`;

describe('fault 48: bounds what a file may do', () => {
  test.each([
    ['a bomb of aliases', bomb(8), 'muster.yaml:4:18: (file): expected fewer aliases'],
    ['one alias too heavy', bomb(2), 'muster.yaml: (file): expected fewer aliases'],
    ['a duplicate key', 'sources: []\nsources: []', 'muster.yaml:2:1: (file): expected each key once'],
    ['a duplicate key deep inside', one('limit: 1\n    limit: 2'), 'muster.yaml:5:5: (file): expected each key once'],
    ['10 MB', `# ${'x'.repeat(10 * 1024 * 1024)}`, 'muster.yaml: (file): expected at most 1048576 bytes'],
    ['the key __proto__', one('__proto__: { polluted: canary }'), 'muster.yaml:4:5: __proto__: expected no such key'],
    ['the key "__proto__"', one('"__proto__": 1'), 'muster.yaml:4:5: __proto__: expected no such key'],
    [
      '100,000 levels',
      `a: ${'['.repeat(100_000)}`,
      expect.stringMatching(/^muster.yaml:1:\d+: \(file\): expected at most 20 levels$/),
    ],
    ['30 levels', `a: ${'['.repeat(30)}${']'.repeat(30)}`, 'muster.yaml:1:24: (file): expected at most 20 levels'],
    ['two documents', 'sources: []\n---\nsources: []', 'muster.yaml:2:1: (file): expected one document'],
    ['a tag', one('token: !!js/function canary'), 'muster.yaml:4:12: (file): expected no tag (`!...`)'],
    [
      'an alias to nowhere',
      one('token: *canary'),
      'muster.yaml:4:12: (file): expected an alias whose anchor stands before it',
    ],
  ])('%s', (_what, text, line) => {
    const messages = problems(text);
    expect(messages[0]).toEqual(line);
    expect(messages.join()).not.toContain('canary');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a few aliases are fine', () => {
    const { sources } = read(
      'sources:\n  - &a { id: a, provider: cloud, regions: &r [x] }\n  - { id: b, provider: cloud, regions: *r }\n',
    );
    expect(sources).toHaveLength(2);
  });
});

describe('where the configuration comes from', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (file: string) => () => loadConfiguration({ MUSTER_CONFIG: path.join(folder, file) }, providers);

  test('reads the file that MUSTER_CONFIG names', () => {
    writeFileSync(path.join(folder, 'ours.yaml'), 'sources: [{id: a, provider: cloud}]');
    expect(load('ours.yaml')().sources.map(({ id }) => id)).toEqual(['a']);
  });

  test('fault 90: a MUSTER_CONFIG that leads to nothing is refused and does not become the demo', () => {
    expect(load('absent.yaml')).toThrow(ConfigError);
    mkdirSync(path.join(folder, 'folder'));
    expect(load('folder')).toThrow(ConfigError);
  });

  test('fault 48: refuses a file that is too large or not UTF-8 without parsing it', () => {
    writeFileSync(path.join(folder, 'large.yaml'), 'x'.repeat(2 * 1024 * 1024));
    expect(load('large.yaml')).toThrow(ConfigError);
    writeFileSync(path.join(folder, 'latin.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
    expect(load('latin.yaml')).toThrow(ConfigError);
  });
});
