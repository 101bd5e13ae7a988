import { expect, it } from 'vitest';
import type { Listing } from '#lib/model/index.ts';
import { StaleGeneration } from '#lib/store/index.ts';
import { type Bench, broken, complete, iso, limit, MINUTE, manyIn, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');
const other = scopeOf('us-east-1');

export function removalTests(bench: () => Bench): void {
  it('keeps the rows when a listing breaks off, whatever broke it', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 10)), 1);
    for (const kind of ['permission', 'network', 'rate-limit', 'unreadable', 'cancelled'] as const) {
      expect(await bench().commit(broken(scope, manyIn(scope, 2), kind), 2)).toMatchObject({ disappeared: 0 });
    }
    expect((await bench().live()).length).toBe(10);
  });

  it('takes a listing that only says that it is complete as incomplete', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 10)), 1);
    const forged: Listing = Object.assign(await broken(scope, []), { complete: true as boolean });
    const generation = await bench().store.write.nextGeneration(scope.id);
    await bench().store.write.commit(forged, { generation, at: T0, limit });
    expect((await bench().live()).length).toBe(10);
  });

  it('fault 23: what moved between pages and was missed is there after the next complete listing, as one row', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 5)), 1);
    await bench().commit(complete(scope, manyIn(scope, 5).slice(1)), 2);
    await bench().commit(complete(scope, manyIn(scope, 5).toReversed()), 3);
    expect(await bench().names()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect((await bench().row('m0')).firstSeen).toBe(iso(1));
  });

  it('fault 27: an empty listing where many rows were waits until a second one agrees', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 300)), 1);
    expect(await bench().commit(complete(scope, []), 2)).toMatchObject({ held: 300, disappeared: 0 });
    expect(await bench().scope(scope)).toMatchObject({ state: 'partial', reason: { kind: 'held' }, held: 300 });
    expect((await bench().live()).length).toBe(300);
    expect((await bench().row('m0')).lastSeen).toBe(iso(1));
    expect(await bench().commit(complete(scope, []), 3)).toMatchObject({ held: 0, disappeared: 300 });
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', reason: null, held: 0, count: 0 });
  });

  it('fault 104: what is listed under another uid than before leaves under the old one at once, however many they are', async () => {
    await bench().register(scope);
    const named = (prefix: string) =>
      Array.from({ length: 300 }, (_, i) => rowIn(scope, `${prefix}${i}`, { objectId: `origin-${i}` }));
    await bench().commit(complete(scope, named('old-')), 1);
    expect(await bench().commit(complete(scope, named('new-')), 2)).toMatchObject({ disappeared: 300, held: 0 });
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', count: 300 });
    const some = named('newer-').slice(0, 200);
    expect(await bench().commit(complete(scope, some), 3)).toMatchObject({ disappeared: 200, held: 100 });
  });

  it('removes after a brake only what both listings miss', async () => {
    await bench().register(scope);
    const all = manyIn(scope, 300);
    await bench().commit(complete(scope, all), 1);
    await bench().commit(complete(scope, all.slice(0, 100)), 2);
    await bench().commit(broken(scope, []), 3);
    expect(await bench().scope(scope)).toMatchObject({ state: 'unreachable', held: 200 });
    const result = await bench().commit(complete(scope, [...all.slice(100, 250)]), 4);
    expect(result).toMatchObject({ disappeared: 50, held: 100 });
    expect((await bench().live()).length).toBe(250);
    expect((await bench().row('m299')).removedAt).toBe(iso(4));
    expect((await bench().row('m299')).lastSeen).toBe(iso(1));
  });

  it('removes nothing where the limit is not a number', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 3)), 1);
    const options = { generation: 9, at: T0, limit: () => Number.NaN };
    expect(await bench().store.write.commit(await complete(scope, []), options)).toMatchObject({ held: 3 });
  });

  it('forgets the brake for a row that is seen again', async () => {
    await bench().register(scope);
    const all = manyIn(scope, 300);
    await bench().commit(complete(scope, all), 1);
    await bench().commit(complete(scope, []), 2);
    await bench().commit(broken(scope, all.slice(0, 120)), 3);
    expect((await bench().scope(scope)).held).toBe(180);
    const result = await bench().commit(complete(scope, []), 4);
    expect(result).toMatchObject({ disappeared: 180, held: 120 });
  });

  it('fault 28: a row that a complete listing misses is removed and stays in the feed and in the changes', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 3)), 1);
    const revision = await bench().store.read.revision();
    expect(await bench().commit(complete(scope, manyIn(scope, 2)), 2)).toMatchObject({ disappeared: 1, unchanged: 2 });
    expect(await bench().names()).toEqual(['m0', 'm1']);
    const [removed, ...more] = await bench().store.read.feed(revision, 10);
    expect(more).toEqual([]);
    expect(removed).toMatchObject({ removedAt: iso(2), lastSeen: iso(1), resource: { name: 'm2' } });
    expect(await bench().changes()).toEqual(['disappeared m2']);
  });

  it('fault 30: a run changes the rows of the scope it visited and of no other', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().commit(complete(other, [rowIn(other, 'b')]), 1);
    const before = await bench().row('b');
    await bench().commit(complete(scope, []), 2);
    await bench().commit(broken(other, [], 'permission'), 2);
    expect(await bench().names()).toEqual(['b']);
    expect(await bench().row('b')).toEqual(before);
    expect(await bench().scope(other)).toMatchObject({ state: 'denied', lastSuccess: iso(1), lastAttempt: iso(2) });
  });

  it('fault 31: a commit that is aborted at any of its turns leaves the old generation whole', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 1_200)), 1);
    const status = await bench().scope(scope);
    const revision = await bench().store.read.revision();
    const next = await complete(scope, manyIn(scope, 900, { state: 'stopped' }));
    let aborted = 0;
    for (; ; aborted++) {
      const control = new AbortController();
      const stop = new Error('shutdown');
      if (aborted === 0) control.abort(stop);
      let turns = 0;
      const count = () => (++turns === aborted ? control.abort(stop) : setImmediate(count));
      const ticker = setImmediate(count);
      const outcome = await bench()
        .commit(Promise.resolve(next), 2, control.signal)
        .catch((error: unknown) => error);
      clearImmediate(ticker);
      control.abort(stop);
      if (outcome !== stop) {
        expect(outcome).toMatchObject({ changed: 900, held: 300 });
        break;
      }
      expect(await bench().store.read.revision()).toBe(revision);
      expect(await bench().scope(scope)).toEqual(status);
      expect(new Set((await bench().live()).map((row) => row.resource.state))).toEqual(new Set(['running']));
    }
    expect(aborted).toBeGreaterThan(4);
  });

  it('fault 32: a later generation wins, an older commit is refused, over restarts too', async () => {
    await bench().register(scope);
    const older = await bench().store.write.nextGeneration(scope.id);
    await bench().commit(complete(scope, [rowIn(scope, 'new')]), 1);
    const commit = async (generation: number) =>
      bench().store.write.commit(await complete(scope, []), { generation, at: T0 + 2 * MINUTE, limit });
    await expect(commit(older)).rejects.toThrow(StaleGeneration);
    await bench().store.restart();
    await expect(commit(older)).rejects.toThrow(StaleGeneration);
    const { generation } = await bench().scope(scope);
    await expect(commit(generation)).rejects.toThrow(StaleGeneration);
    expect(await bench().store.write.nextGeneration(scope.id)).toBeGreaterThan(generation);
    expect(await bench().names()).toEqual(['new']);
  });
}
