import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '#lib/log/index.ts';
import { openReadStore, openWriteStore, type ReadStore } from '#lib/store/index.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { FakeCloud, hanging, inTurn, listed, rowsOf } from '#tests/support/fake-cloud.ts';
import { collect } from './collector.ts';
import { controlClient } from './control-client.ts';

const DAY = 86_400_000;

let folder: string;
let clock: VirtualClock;
let lines: { event: string; [field: string]: unknown }[];
let stopping: AbortController;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-collector-'));
  clock = new VirtualClock();
  lines = [];
  stopping = new AbortController();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(clouds: FakeCloud[]): Promise<number> {
  const log = createLogger({
    level: 'debug',
    part: 'collector',
    to: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const sources = clouds.map(({ source }) => ({ ...source, mock: true, understood: [] }));
  return collect({
    environment: { MUSTER_DATA: folder },
    configuration: { sources, history: 7 * DAY, demo: false },
    clock,
    random: () => 0.5,
    log,
    signal: stopping.signal,
  });
}

const events = () => lines.map(({ event }) => event);
const read = async <T>(ask: (store: ReadStore) => Promise<T>): Promise<T> => {
  const store = await openReadStore(path.join(folder, 'muster.db'));
  try {
    return await ask(store);
  } finally {
    await store.close();
  }
};

test('collects until it is told to stop, then leaves nothing open and answers 0', async () => {
  const cloud = new FakeCloud(clock);
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a'])));
  const ended = start([cloud]);
  await clock.advance(60_000);
  expect(await read((store) => store.count())).toBe(1);
  stopping.abort();
  expect(await clock.run(ended)).toBe(0);
  expect(cloud.closed).toBe(1);
  expect(clock.sleeping()).toEqual([]);
  expect(events().at(-1)).toBe('collector.stopped');
  // The store is free again.
  await (await openWriteStore(path.join(folder, 'muster.db'), { clock })).close();
});

test('fault 89: a stop in the middle of a listing cancels it and leaves its scope as it was', async () => {
  const cloud = new FakeCloud(clock);
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, inTurn(listed(rowsOf(scope, ['a', 'b'])), hanging({ deaf: true }, rowsOf(scope, ['a']))));
  const ended = start([cloud]);
  await clock.advance(331_000);
  expect(cloud.countOf(scope)).toBe(2);
  const before = await read((store) => store.scopes());
  stopping.abort();
  const from = clock.monotonic();
  expect(await clock.run(ended)).toBe(0);
  expect(clock.monotonic() - from).toBeLessThan(10_000);
  expect(await read((store) => store.scopes())).toEqual(before);
  expect(await read((store) => store.count())).toBe(2);
});

test('a command from the web lists a scope anew', async () => {
  const cloud = new FakeCloud(clock);
  const scope = cloud.scope('eu-west-1');
  const ended = start([cloud]);
  await clock.advance(60_000);
  expect(cloud.countOf(scope)).toBe(1);
  const { refresh } = controlClient(folder);
  expect(await refresh(scope.id)).toBe('accepted');
  await clock.settle();
  expect(cloud.countOf(scope)).toBe(2);
  expect(await refresh('*')).toBe('coalesced');
  stopping.abort();
  await clock.run(ended);
  expect(await refresh('*')).toBe('unreachable');
});

test('what a person decides is stored by the collector, and outlives re-listings and a restart', async () => {
  const cloud = new FakeCloud(clock);
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, listed(rowsOf(scope, ['a', 'b'])));
  const ended = start([cloud]);
  await clock.advance(60_000);
  const { decide, undecide, refresh } = controlClient(folder);
  const opinion = { a: 'vm:b', b: 'vm:a', verdict: 'split', reason: 'two racks' } as const;
  const kept = { ...opinion, a: 'vm:a', b: 'vm:b', at: new Date(clock.now()).toISOString() };
  expect(await decide(opinion)).toEqual({ answer: 'accepted', decision: kept });
  expect(await refresh(scope.id)).toBe('accepted');
  await clock.advance(60_000);
  stopping.abort();
  await clock.run(ended);
  expect(await read((store) => store.decisions())).toEqual([kept]);
  expect(events()).toContain('decision.made');
  expect(JSON.stringify(lines)).not.toContain('two racks');
  stopping = new AbortController();
  const again = start([cloud]);
  await clock.advance(60_000);
  expect(await read((store) => store.decisions())).toEqual([kept]);
  expect(await undecide({ a: 'vm:b', b: 'vm:a' })).toEqual({ answer: 'accepted' });
  expect(await undecide({ a: 'vm:b', b: 'vm:a' })).toEqual({ answer: 'unknown' });
  expect(await read((store) => store.decisions())).toEqual([]);
  stopping.abort();
  await clock.run(again);
});

test('prunes changes once a day, as old as the configuration says', async () => {
  const cloud = new FakeCloud(clock, 'prod', { interval: DAY / 4, discovery: DAY });
  const scope = cloud.scope('eu-west-1');
  cloud.answer(scope, inTurn(listed(rowsOf(scope, ['a', 'b'])), listed(rowsOf(scope, ['a']))));
  const ended = start([cloud]);
  await clock.advance(2 * DAY);
  expect(await read((store) => store.changes({ limit: 10 }))).toHaveLength(1);
  await clock.advance(7 * DAY);
  expect(await read((store) => store.changes({ limit: 10 }))).toEqual([]);
  expect(events().filter((event) => event === 'store.pruned').length).toBeGreaterThanOrEqual(8);
  stopping.abort();
  await clock.run(ended);
});

test('fault 56: a second collector on the same data ends with 75 and leaves the first alone', async () => {
  const cloud = new FakeCloud(clock);
  const scope = cloud.scope('eu-west-1');
  const ended = start([cloud]);
  await clock.advance(60_000);
  expect(await start([new FakeCloud(clock)])).toBe(75);
  expect(lines.at(-1)).toMatchObject({ event: 'store.refused', refusal: 'locked' });
  expect(await controlClient(folder).refresh(scope.id)).toBe('accepted');
  stopping.abort();
  expect(await clock.run(ended)).toBe(0);
});

test('fault 54: a file that is not a store of Muster ends it with 65 and is left alone', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'muster.db'), 'SQLite format 3\0 of somebody else'.padEnd(4096));
  expect(await start([])).toBe(65);
  expect(lines.at(-1)).toMatchObject({ event: 'store.refused', refusal: 'not-ours' });
});
