import { expect, it } from 'vitest';
import { openReadStore, openWriteStore, StoreError } from '../index.ts';
import { Child } from './testing/child.ts';
import { storePath } from './testing/folder.ts';

const ROWS = 1_500;
const clock = { now: () => Date.parse('2026-11-21T09:00:00Z') };

/** After a kill: nothing damaged, nothing acknowledged lost, all rows of one generation. */
async function sound(path: string, acknowledged: number): Promise<void> {
  const store = await openWriteStore(path, { clock });
  expect(await store.check()).toEqual([]);
  const [scope] = await store.scopes();
  await store.close();
  expect(scope?.generation).toBeGreaterThanOrEqual(acknowledged);
  const reader = await openReadStore(path);
  const generations = new Set<unknown>();
  let live = 0;
  for await (const rows of reader.scan(500)) {
    live += rows.length;
    for (const row of rows) generations.add(row.resource.vcpus);
  }
  await reader.close();
  expect(live).toBe(scope?.generation === 0 ? 0 : ROWS);
  expect([...generations]).toEqual(scope?.generation === 0 ? [] : [scope?.generation]);
}

const acknowledged = (child: Child) => Number(child.lines.findLast((line) => line !== 'open') ?? 0);

it('fault 49: killed in mid-sync after any number of turns, the store is whole and keeps every acknowledged generation', async () => {
  const path = storePath();
  for (const turns of [1, 2, 4, 7, 9, 14, 20, 33]) {
    const child = new Child('writer.ts', [path, String(ROWS), String(turns)]);
    expect(await child.ended).toBe('SIGKILL');
    await sound(path, acknowledged(child));
  }
});

it('fault 49: killed from outside, in the middle of anything, the store is whole', async () => {
  const path = storePath();
  for (const lines of [1, 2, 3, 5]) {
    const child = new Child('writer.ts', [path, String(ROWS), '0']);
    await child.printed(lines);
    child.kill();
    expect(await child.ended).toBe('SIGKILL');
    // A reader may come first and finds the log that the writer has left behind.
    const reader = await openReadStore(path);
    expect((await reader.scopes())[0]?.generation).toBeGreaterThanOrEqual(acknowledged(child));
    await reader.close();
    await sound(path, acknowledged(child));
  }
});

it('fault 56: a second collector is refused at once, readers are not, and a killed one leaves no lock behind', async () => {
  const path = storePath();
  const first = new Child('writer.ts', [path, String(ROWS), '0']);
  await first.printed(2);
  const second = new Child('opener.ts', [path]);
  expect(await second.ended).toBe(0);
  expect(second.lines).toEqual(['locked', 'opened']);
  await expect(openWriteStore(path, { clock })).rejects.toThrow(StoreError);
  first.kill();
  await first.ended;
  const third = new Child('opener.ts', [path]);
  expect(await third.ended).toBe(0);
  expect(third.lines).toEqual(['opened', 'opened']);
});

it('fault 56: a second writer in the same process is refused until the first is closed', async () => {
  const path = storePath();
  const first = await openWriteStore(path, { clock });
  const refused = await openWriteStore(path, { clock }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  expect(refused).toMatchObject({ refusal: 'locked', message: expect.stringMatching(/stop that one/) });
  await first.close();
  await (await openWriteStore(path, { clock })).close();
});
