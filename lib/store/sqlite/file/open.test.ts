import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete, limit, manyIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { openReadStore, openWriteStore, StoreError, type StoreRefusal } from '../../index.ts';
import { Child } from '../testing/child.ts';
import { storePath } from '../testing/folder.ts';

const clock = { now: () => Date.parse('2026-11-21T09:00:00Z') };
const scope = scopeOf('eu-west-1');
const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A store with rows in it, closed: one file. */
async function filled(rows = 400): Promise<string> {
  const path = storePath();
  const store = await openWriteStore(path, { clock });
  await store.registerScopes('prod', [scope], { interval: 60_000, at: clock.now() });
  await store.commit(await complete(scope, manyIn(scope, rows)), { generation: 1, at: clock.now(), limit });
  await store.close();
  return path;
}

const attempt = async (open: Promise<{ close(): Promise<void> }>) => {
  try {
    await (await open).close();
    return 'opened';
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
};

/** Both sides refuse, with one line that says what to do, and not a byte of the file changes. */
async function refused(path: string, refusal: StoreRefusal, reader = refusal): Promise<void> {
  const before = hash(path);
  for (const [side, expected] of [
    [openWriteStore(path, { clock }), refusal],
    [openReadStore(path), reader],
  ] as const) {
    const error = await attempt(side);
    expect(error).toMatchObject({ refusal: expected });
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\n]+: [^\n]+$/) });
  }
  expect(hash(path)).toBe(before);
}

describe('a new store', () => {
  it('is created with its folder, for its owner only, with every safety on', async () => {
    const path = storePath().replace('muster.db', 'data/muster.db');
    const store = await openWriteStore(path, { clock });
    expect(await store.check()).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await store.close();
    expect(readdirSync(dirname(path)).sort()).toEqual(['muster.db', 'muster.db.lock']);
    const db = new Database(path, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('table_list')).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ schema: 'main', name: 'resources', strict: 0 })]),
    );
    db.close();
  });

  it('is missing for a reader until the collector has made it', async () => {
    expect(await attempt(openReadStore(storePath()))).toMatchObject({ refusal: 'missing' });
  });

  it('is made from the start again where its making was killed', async () => {
    const path = storePath();
    writeFileSync(`${path}.creating`, 'half of a database');
    expect(await attempt(openWriteStore(path, { clock }))).toBe('opened');
    expect(readdirSync(dirname(path)).sort()).toEqual(['muster.db', 'muster.db.lock']);
  });
});

describe('a file that cannot be the store', () => {
  it('fault 54: an empty file is refused, not filled', async () => {
    const path = storePath();
    writeFileSync(path, '');
    await refused(path, 'corrupt');
  });

  it.each(['hello', 'x'.repeat(10_000), `SQLite format 3\0${'\0'.repeat(4_000)}`])(
    'fault 54: a file that is no store is not ours (%#)',
    async (content) => {
      const path = storePath();
      writeFileSync(path, content);
      await refused(path, 'not-ours');
    },
  );

  it('fault 54: the database of another application is not ours', async () => {
    const path = storePath();
    const db = new Database(path);
    db.exec('create table meta (key text, value integer)');
    db.close();
    await refused(path, 'not-ours');
  });

  it('fault 54: a file cut short anywhere is refused', async () => {
    const original = await filled();
    const size = statSync(original).size;
    for (const length of [1, 99, 100, 4_096, 4_097, 16_384, Math.floor(size / 2), size - 4_096, size - 1]) {
      const path = storePath();
      copyFileSync(original, path);
      truncateSync(path, length);
      const error = await attempt(openWriteStore(path, { clock }));
      expect(error, `${length} bytes`).toMatchObject({ refusal: length < 100 ? 'not-ours' : 'corrupt' });
      expect(statSync(path).size).toBe(length);
    }
  });

  it('fault 54: a page overwritten with noise is refused at the start or found by the check', async () => {
    const original = await filled();
    const pages = statSync(original).size / 4_096;
    const page = fc.integer({ min: 1, max: pages - 1 });
    const noise = fc.uint8Array({ minLength: 4_096, maxLength: 4_096 });
    await fc.assert(
      fc.asyncProperty(page, noise, async (number, bytes) => {
        const path = storePath();
        const content = readFileSync(original);
        if (content.subarray(number * 4_096, (number + 1) * 4_096).every((byte) => byte === 0)) return;
        content.set(bytes, number * 4_096);
        writeFileSync(path, content);
        const error = await attempt(openWriteStore(path, { clock }));
        if (error !== 'opened') expect(error).toMatchObject({ refusal: 'corrupt' });
        else {
          const store = await openWriteStore(path, { clock });
          expect(await store.check()).not.toEqual([]);
          await store.close();
        }
      }),
      { numRuns: 40, seed: 54 },
    );
  });

  it('fault 54: content that was changed inside a sound page is found by the check', async () => {
    const path = await filled();
    const content = readFileSync(path);
    const at = content.indexOf('"name":"m7"');
    content.write('"name":"m8"', at);
    writeFileSync(path, content);
    const store = await openWriteStore(path, { clock });
    expect(await store.check()).toEqual(['vm:m7: its content is damaged']);
    await store.close();
  });

  it('fault 54: a lost -wal file costs the newest commits and nothing else', async () => {
    const path = await filled();
    const copy = storePath();
    const store = await openWriteStore(path, { clock });
    await store.commit(await complete(scope, []), { generation: 2, at: clock.now(), limit: () => 1_000 });
    copyFileSync(path, copy);
    await store.close();
    const reader = await openReadStore(copy);
    expect(await reader.count()).toBe(400);
    await reader.close();
    expect(await attempt(openWriteStore(copy, { clock }))).toBe('opened');
  });

  it('fault 54: a -wal file without its database is not replayed into a new one', async () => {
    const path = storePath();
    writeFileSync(`${path}-wal`, 'frames of a database that is gone');
    expect(await attempt(openWriteStore(path, { clock }))).toMatchObject({ refusal: 'corrupt' });
    expect(readdirSync(dirname(path)).sort()).toEqual(['muster.db-wal', 'muster.db.lock']);
  });

  it('fault 54, fault 60: a store that a newer Muster wrote is refused by writer and reader', async () => {
    const path = await filled();
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    await refused(path, 'newer');
  });

  it('fault 54: a folder in the place of the file or of its folder is refused', async () => {
    const path = storePath();
    mkdirSync(path);
    expect(await attempt(openWriteStore(path, { clock }))).toMatchObject({ refusal: 'not-writable' });
    const file = storePath();
    writeFileSync(file, 'x');
    expect(await attempt(openWriteStore(`${file}/muster.db`, { clock }))).toMatchObject({ refusal: 'not-writable' });
  });

  it('fault 54: a store that this user may not write is refused', async () => {
    const path = await filled();
    rmSync(`${path}.lock`);
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    // Root may write everywhere: the attempt is made by nobody.
    const child = new Child('opener.ts', [path], process.getuid?.() === 0 ? { uid: 65_534 } : {});
    const status = await child.ended;
    chmodSync(dirname(path), 0o755);
    expect(status).toBe(0);
    expect(child.lines[0]).toBe('not-writable');
  });
});
