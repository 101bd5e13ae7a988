import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { complete, limit, manyIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { openReadStore, openWriteStore } from '../../index.ts';
import { storePath } from '../testing/folder.ts';
import type { SqliteStore, WriteStoreOptions } from '../write/write-store.ts';
import { sizeOf } from './file.ts';

const scope = scopeOf('eu-west-1');
const MIB = 1024 * 1024;

async function open(options: Partial<WriteStoreOptions> = {}) {
  const path = storePath();
  const store = await openWriteStore(path, { clock: { now: () => 0 }, ...options });
  onTestFinished(() => store.close());
  await store.registerScopes('prod', [scope], { interval: 60_000, at: 0 });
  return { path, store };
}

/** A commit that changes every row: some six megabytes of log. */
async function commit(store: SqliteStore, generation: number): Promise<void> {
  const rows = manyIn(scope, 3_000, { vcpus: generation, raw: { text: 'x'.repeat(500), generation } });
  await store.commit(await complete(scope, rows), { generation, at: generation, limit });
}

/** As many turns of the event loop as the thread needs. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await setImmediate();
}

it('copies the log of a commit on a thread of its own, so that the log does not grow with the commits', async () => {
  const { path, store } = await open();
  await commit(store, 1);
  expect(store.backlog()).toBeGreaterThan(4 * MIB);
  await until(() => store.backlog() === 0);
  const sizes: number[] = [];
  for (let generation = 2; generation < 8; generation++) {
    await commit(store, generation);
    sizes.push(sizeOf(`${path}-wal`));
    await until(() => store.backlog() === 0);
  }
  // Seven commits of the same size, and a log of little more than one.
  expect(sizes.at(-1)).toBeLessThan(2 * (sizes[0] ?? 0));
});

it('fault 57: tells of a reader that makes the log grow, and copies it when the reader has ended', async () => {
  const reported: number[] = [];
  const { path, store } = await open({ limit: 8 * MIB, held: (bytes) => reported.push(bytes) });
  await commit(store, 1);
  await until(() => store.backlog() === 0);
  const reader = await openReadStore(path);
  onTestFinished(() => reader.close());
  const scan = reader.scan(10)[Symbol.asyncIterator]();
  await scan.next();
  let generation = 1;
  while (reported.length < 2) {
    await commit(store, ++generation);
    await setImmediate();
  }
  expect(reported[0]).toBeGreaterThanOrEqual(8 * MIB);
  expect(reported[1]).toBeGreaterThanOrEqual(2 * (reported[0] ?? 0));
  expect(store.backlog()).toBeGreaterThan(16 * MIB);
  await scan.return?.();
  await commit(store, ++generation);
  await until(() => store.backlog() === 0);
  const size = sizeOf(`${path}-wal`);
  await commit(store, ++generation);
  expect(sizeOf(`${path}-wal`)).toBeLessThanOrEqual(size);
});

it('waits for a copy that is under way when it is closed, and leaves no log', async () => {
  const { path, store } = await open();
  await commit(store, 1);
  await store.close();
  expect(sizeOf(`${path}-wal`)).toBe(0);
  const again = await openWriteStore(path, { clock: { now: () => 0 } });
  expect(await again.check()).toEqual([]);
  expect((await again.scopes())[0]?.count).toBe(3_000);
  await again.close();
});
