import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { complete, limit, manyIn, rowIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { openReadStore, openWriteStore } from '../../index.ts';
import { storePath } from '../testing/folder.ts';

const AT = Date.parse('2026-11-21T09:00:00Z');
const clock = { now: () => AT };
const scope = scopeOf('eu-west-1');
const rows = manyIn(scope, 300, { vcpus: 2 });

/** A file as version 1 wrote it: without the later tables, its rows without the later fields. */
async function writtenByVersion1(): Promise<string> {
  const path = storePath();
  const store = await openWriteStore(path, { clock });
  await store.registerScopes('prod', [scope], { interval: 60_000, at: AT });
  await store.commit(await complete(scope, rows), { generation: 1, at: AT, limit });
  await store.close();
  const db = new Database(path);
  for (const { id, data } of db.prepare<[], { id: number; data: string }>('select id, data from resources').all()) {
    const {
      physical: _,
      managed: __,
      ready: ___,
      readyReason: ____,
      lastEnd: _____,
      objectId,
      ...earlier
    } = JSON.parse(data);
    const text = JSON.stringify({ ...earlier, origin: objectId });
    expect(text).not.toBe(data);
    db.prepare('update resources set data = ?, data_hash = ? where id = ?').run(
      text,
      hash('sha256', text, 'base64').slice(0, 22),
      id,
    );
  }
  db.exec('alter table scopes drop column detail_errors; drop table answers');
  db.exec('drop table decisions; drop table permissions; delete from migrations where version > 1');
  db.pragma('user_version = 1');
  db.close();
  return path;
}

it('an upgrade keeps the rows and gives them the fields that they do not have', async () => {
  const path = await writtenByVersion1();
  await expect(openReadStore(path)).rejects.toMatchObject({ refusal: 'older' });
  const store = await openWriteStore(path, { clock });
  expect(await store.check()).toEqual([]);
  const reader = await openReadStore(path);
  const [row] = await reader.rows(['vm:m0']);
  expect(row?.resource).toMatchObject({
    objectId: rows[0]?.objectId,
    vcpus: 2,
    physical: null,
    managed: null,
    ready: null,
    lastEnd: null,
  });
  expect(await reader.decisions()).toEqual([]);
  expect(await reader.permissions()).toEqual([]);
  expect((await reader.scopes())[0]?.detailErrors).toEqual([]);
  expect(await store.keptAnswer('prod', 'x')).toBeNull();
  await reader.close();
  await store.close();
});

it('an upgrade keeps the reason of a scope that another source lists, by its new name', async () => {
  const path = await writtenByVersion1();
  const db = new Database(path);
  db.exec("update scopes set state = 'duplicate', reason_kind = 'elsewhere', reason_message = 'listed by source b'");
  db.close();
  const store = await openWriteStore(path, { clock });
  expect((await store.scopes())[0]?.reason).toEqual({ kind: 'other-source', message: 'listed by source b' });
  await store.close();
});

it('the first listing after an upgrade is no change of the rows that it sees as they were', async () => {
  const path = await writtenByVersion1();
  const store = await openWriteStore(path, { clock });
  const reader = await openReadStore(path);
  const revision = await reader.revision();
  const seen = [...rows.slice(1), rowIn(scope, 'm0', { vcpus: 2, managed: 'fargate' })];
  const result = await store.commit(await complete(scope, seen), { generation: 2, at: AT + 1, limit });
  expect(result).toMatchObject({ unchanged: 299, changed: 1, revision: revision + 1 });
  const changes = await reader.changes({ limit: 10 });
  expect(changes.map(({ uid, field, from, to }) => [uid, field, from, to])).toEqual([
    ['vm:m0', 'managed', null, 'fargate'],
  ]);
  expect(await store.check()).toEqual([]);
  await reader.close();
  await store.close();
});

it('the first event of a watch after an upgrade is no change either', async () => {
  const path = await writtenByVersion1();
  const store = await openWriteStore(path, { clock });
  const row = rowIn(scope, 'm0', { vcpus: 2 });
  const result = await store.apply(scope.id, [{ objectId: row.objectId, resources: [row] }], AT + 1);
  expect(result).toMatchObject({ unchanged: 1, changed: 0 });
  await store.close();
});
