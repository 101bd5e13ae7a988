import { expect, it } from 'vitest';
import { FeedGap } from '#lib/store/index.ts';
import { type Bench, complete, iso, MINUTE, manyIn, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');

export function feedTests(bench: () => Bench): void {
  it('gives each changed row once, in order of seq, complete up to the last', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 10)), 1);
    const rows = [...manyIn(scope, 4, { state: 'stopped', vcpus: 2 }), ...manyIn(scope, 9).slice(4)];
    await bench().commit(complete(scope, rows), 2);
    const { read } = bench().store;
    const whole = await read.feed(0, 100);
    expect(whole.map((row) => row.seq)).toEqual(whole.map((row) => row.seq).toSorted((a, b) => a - b));
    expect(whole.at(-1)?.seq).toBe(await read.revision());
    const pieces = [];
    for (let seq = 0; ; ) {
      const piece = await read.feed(seq, 3);
      pieces.push(...piece);
      const last = piece.at(-1);
      if (last === undefined) break;
      seq = last.seq;
    }
    expect(pieces).toEqual(whole);
    expect(whole.filter((row) => row.removedAt !== null).map((row) => row.resource.name)).toEqual(['m9']);
    expect(whole.filter((row) => row.resource.state === 'stopped').length).toBe(4);
  });

  it('scans one revision while commits go on, and the feed brings the rest', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 50)), 1);
    const { read } = bench().store;
    const revision = await read.revision();
    const scanned = [];
    for await (const chunk of read.scan(20)) {
      if (scanned.length === 0) await bench().commit(complete(scope, manyIn(scope, 48, { state: 'stopped' })), 2);
      scanned.push(...chunk);
    }
    expect(scanned.length).toBe(50);
    expect(new Set(scanned.map((row) => `${row.resource.state} ${row.lastSeen}`))).toEqual(
      new Set([`running ${iso(1)}`]),
    );
    const news = await read.feed(revision, 100);
    expect(news.filter((row) => row.removedAt === null).length).toBe(48);
    expect(news.filter((row) => row.removedAt !== null).length).toBe(2);
  });

  it('shows a reader nothing of a commit before it is whole', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 2_000)), 1);
    const { read, write } = bench().store;
    const revision = await read.revision();
    let done = false;
    const running = bench()
      .commit(complete(scope, manyIn(scope, 2_000, { state: 'stopped' })), 2)
      .finally(() => {
        done = true;
      });
    let looks = 0;
    for (; ; looks++) {
      await new Promise(setImmediate);
      const [seen, feed, [status]] = [await read.revision(), await read.feed(revision, 1), await write.scopes()];
      if (done) break;
      expect([seen, feed.length, status?.lastSuccess]).toEqual([revision, 0, iso(1)]);
    }
    expect(looks).toBeGreaterThan(3);
    expect((await running).changed).toBe(2_000);
  });

  it('finds rows by uid, also removed ones and many at once, and nothing for a uid it does not know', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 40, { raw: { a: [1, null, 'x'] } })), 1);
    await bench().commit(complete(scope, manyIn(scope, 39)), 2);
    const { read } = bench().store;
    const found = await read.resource('vm:m39');
    expect(found).toMatchObject({ raw: { a: [1, null, 'x'] }, row: { removedAt: iso(2) } });
    expect(found?.row.resource).not.toHaveProperty('raw');
    expect(await read.resource('vm:none')).toBeNull();
    const uids = Array.from({ length: 40_000 }, (_, i) => `vm:m${i}`);
    expect((await read.rows(uids)).length).toBe(40);
  });

  it('prunes old changes and tombstones, never live rows, and tells a reader who slept through it', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 40)), 1);
    await bench().commit(complete(scope, manyIn(scope, 30, { vcpus: 2 })), 2);
    await bench().commit(complete(scope, [...manyIn(scope, 25, { vcpus: 2 }), rowIn(scope, 'new')]), 30);
    const { read, write } = bench().store;
    expect(await write.prune(T0 + 10 * MINUTE, T0 + 40 * MINUTE)).toBe(30 + 10 + 10);
    expect((await bench().live()).length).toBe(26);
    expect((await bench().changes()).length).toBe(6);
    expect(await read.resource('vm:m35')).toBeNull();
    expect(await read.resource('vm:m27')).toMatchObject({ row: { removedAt: iso(30) } });
    await expect(read.feed(0, 10)).rejects.toThrow(FeedGap);
    const revision = await read.revision();
    expect(await read.feed(revision, 10)).toEqual([]);
    expect(await write.prune(T0 + 10 * MINUTE, T0 + 40 * MINUTE)).toBe(0);
  });

  it('keeps everything over a restart', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 12)), 1);
    await bench().commit(complete(scope, manyIn(scope, 10, { vcpus: 2 })), 2);
    const state = async () => ({
      live: await bench().live(),
      feed: await bench().store.read.feed(0, 100),
      scopes: await bench().store.read.scopes(),
      changes: await bench().changes(),
      revision: await bench().store.read.revision(),
    });
    const before = await state();
    await bench().store.restart();
    expect(await state()).toEqual(before);
  });
}
