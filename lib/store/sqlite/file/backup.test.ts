import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { complete, limit, manyIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { openReadStore, openWriteStore, type SqliteStore } from '../../index.ts';
import { storePath } from '../testing/folder.ts';

const clock = { now: () => Date.parse('2026-11-21T09:00:00Z') };
const scope = scopeOf('eu-west-1');

const open = (path: string) => openWriteStore(path, { clock });
const commit = async (store: SqliteStore, generation: number, rows = 2_000) =>
  store.commit(await complete(scope, manyIn(scope, rows, { vcpus: generation })), {
    generation,
    at: clock.now(),
    limit,
  });

async function filled(path: string): Promise<SqliteStore> {
  const store = await open(path);
  await store.registerScopes('prod', [scope], { interval: 60_000, at: clock.now() });
  await commit(store, 1);
  return store;
}

it('copies one generation whole while commits go on, and the copy is a store that runs', async () => {
  const path = storePath();
  const to = join(dirname(path), 'backup.db');
  const store = await filled(path);
  const decision = {
    a: 'vm:m0',
    b: 'vm:m1',
    verdict: 'split',
    reason: 'two racks',
    at: '2026-11-21T09:00:00.000Z',
  } as const;
  await store.decide(decision, decision);
  const copying = store.backup(to);
  for (let generation = 2; generation < 6; generation++) await commit(store, generation);
  await copying;
  await store.close();
  expect(existsSync(`${to}.copying`)).toBe(false);
  expect(statSync(to).mode & 0o777).toBe(0o600);
  const restored = await open(to);
  expect(await restored.check()).toEqual([]);
  await commit(restored, 100, 2_001);
  await restored.close();
  const reader = await openReadStore(to);
  expect((await reader.feed(0, 5_000)).length).toBe(2_001);
  expect(await reader.decisions()).toEqual([decision]);
  await reader.close();
});

it('fault 54: a damaged store is replaced by its backup', async () => {
  const path = storePath();
  const to = join(dirname(path), 'backup.db');
  const store = await filled(path);
  await store.backup(to);
  await store.close();
  writeFileSync(path, readFileSync(path).subarray(0, 20_000));
  await expect(open(path)).rejects.toMatchObject({
    refusal: 'corrupt',
    message: expect.stringContaining('copy a backup'),
  });
  copyFileSync(to, path);
  const restored = await open(path);
  expect(await restored.check()).toEqual([]);
  expect((await restored.scopes())[0]?.count).toBe(2_000);
  await restored.close();
});

it('replaces an older backup, never a file that is something else, never the store itself', async () => {
  const path = storePath();
  const to = join(dirname(path), 'backup.db');
  const store = await filled(path);
  await store.backup(to);
  await commit(store, 2);
  await store.backup(to);
  const reader = await openReadStore(to);
  expect((await reader.scopes())[0]?.generation).toBe(2);
  await reader.close();
  const letter = join(dirname(path), 'letter.txt');
  writeFileSync(letter, 'dear diary');
  await expect(store.backup(letter)).rejects.toMatchObject({ refusal: 'not-ours' });
  expect(readFileSync(letter, 'utf8')).toBe('dear diary');
  await expect(store.backup(path)).rejects.toMatchObject({ refusal: 'not-writable' });
  await expect(store.backup(join(dirname(path), 'no/such/folder.db'))).rejects.toMatchObject({
    refusal: 'not-writable',
  });
  expect(await store.check()).toEqual([]);
  await store.close();
});
