import { expect, it } from 'vitest';
import { complete, limit, manyIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { openWriteStore } from '../index.ts';
import { storePath } from './testing/folder.ts';

const ROWS = 100_000;

/** CPU milliseconds of this thread between turns of the event loop: what a timer or a socket waits for, whatever else runs here. */
async function turns<T>(work: () => Promise<T>): Promise<{ result: T; spent: number[] }> {
  const spent: number[] = [];
  let before = process.threadCpuUsage();
  let going = true;
  const turn = () => {
    const now = process.threadCpuUsage();
    spent.push((now.user + now.system - before.user - before.system) / 1_000);
    before = now;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work();
  going = false;
  return { result, spent: spent.sort((a, b) => a - b) };
}

it('fault 87: a commit of 100,000 rows leaves the event loop free, at most 100 ms of CPU between two turns (p99)', async () => {
  const scope = scopeOf('eu-west-1');
  const store = await openWriteStore(storePath(), { clock: { now: () => 0 } });
  await store.registerScopes('prod', [scope], { interval: 60_000, at: 0 });
  const listing = await complete(scope, manyIn(scope, ROWS));
  const { result, spent } = await turns(() => store.commit(listing, { generation: 1, at: 0, limit }));
  await store.close();
  expect(result.appeared).toBe(ROWS);
  expect(spent.length).toBeGreaterThan(ROWS / 1_000);
  expect(spent[Math.floor(spent.length * 0.99)]).toBeLessThan(100);
});
