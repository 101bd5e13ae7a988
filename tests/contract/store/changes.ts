import { expect, it } from 'vitest';
import { tagsOf } from '#lib/model/index.ts';
import { type Bench, complete, iso, manyIn, rowIn, scopeOf } from './fixture.ts';

const scope = scopeOf('eu-west-1');

export function changeTests(bench: () => Bench): void {
  it('records no appearances for what the first complete listing finds', async () => {
    await bench().register(scope);
    const result = await bench().commit(complete(scope, manyIn(scope, 3)), 1);
    expect(result).toMatchObject({ appeared: 3, changed: 0, unchanged: 0, disappeared: 0, held: 0, foreign: 0 });
    expect(await bench().changes()).toEqual([]);
    expect(await bench().store.read.count()).toBe(3);
  });

  it('records what appears and what disappears afterwards', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().commit(complete(scope, [rowIn(scope, 'b')]), 2);
    expect((await bench().changes()).sort()).toEqual(['appeared b', 'disappeared a']);
  });

  it('records one change per field and per tag key, never raw detail', async () => {
    await bench().register(scope);
    const before = { tags: tagsOf([...Object.entries({ env: 'prod', team: 'blue', gone: 'x' })]), raw: { a: 1 } };
    const after = {
      state: 'stopped' as const,
      nativeState: 'stopped',
      type: 'm7g.2xlarge',
      vcpus: 8,
      memory: 32768,
      requests: { cpu: 0.25, memory: 128 },
      addresses: ['10.0.0.2', '10.0.0.1'],
      workload: { kind: 'Deployment', name: 'checkout' },
      startedAt: iso(2),
      tags: tagsOf([...Object.entries({ env: 'prod', team: 'red', new: 'y' })]),
      raw: { a: 2 },
    };
    await bench().commit(complete(scope, [rowIn(scope, 'a', before)]), 1);
    const result = await bench().commit(complete(scope, [rowIn(scope, 'a', after)]), 2);
    expect(result).toMatchObject({ changed: 1, unchanged: 0 });
    expect(await bench().changes()).toEqual([
      'changed a state: running -> stopped',
      'changed a nativeState: running -> stopped',
      'changed a type: m7g.xlarge -> m7g.2xlarge',
      'changed a vcpus: 4 -> 8',
      'changed a memory: 16384 -> 32768',
      'changed a requests: null -> 0.25 CPU, 128 MiB',
      'changed a workload: null -> Deployment/checkout',
      'changed a addresses: null -> 10.0.0.1, 10.0.0.2',
      `changed a startedAt: null -> ${iso(2)}`,
      'changed a tag.team: blue -> red',
      'changed a tag.gone: x -> null',
      'changed a tag.new: null -> y',
    ]);
    expect((await bench().store.read.resource('vm:a'))?.raw).toEqual({ a: 2 });
  });

  it('leaves revision and rows alone where nothing changed, whatever the order of keys', async () => {
    await bench().register(scope);
    const tags = [
      ['a', '1'],
      ['b', '2'],
    ] as const;
    const first = await bench().commit(complete(scope, [rowIn(scope, 'a', { tags: tagsOf(tags), raw: { x: 1 } })]), 1);
    const seq = (await bench().row('a')).seq;
    const other = rowIn(scope, 'a', { tags: tagsOf(tags.toReversed()), raw: { x: 2 } });
    const second = await bench().commit(complete(scope, [other]), 2);
    expect(second).toEqual({ ...first, appeared: 0, unchanged: 1 });
    const row = await bench().row('a');
    expect(row.seq).toBe(seq);
    expect(row.lastSeen).toBe(iso(2));
    expect((await bench().store.read.resource('vm:a'))?.raw).toEqual({ x: 2 });
  });

  it('tells of a change that no field of the change list shows', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    const seq = (await bench().row('a')).seq;
    const result = await bench().commit(complete(scope, [rowIn(scope, 'a', { aliases: ['ip-10-0-0-1'] })]), 2);
    expect(result.changed).toBe(1);
    expect((await bench().row('a')).seq).toBeGreaterThan(seq);
    expect(await bench().changes()).toEqual([]);
  });

  it('counts each row once, also where its place among the rows of its scope changes', async () => {
    await bench().register(scope);
    const rows = (objectId: string) => manyIn(scope, 600).map((row, i) => ({ ...row, objectId: `${objectId}${i}` }));
    await bench().commit(complete(scope, rows('a')), 1);
    expect(await bench().commit(complete(scope, rows('z')), 2)).toMatchObject({ changed: 600, unchanged: 0 });
  });

  it('answers changes newest first, by resource and between two sequence numbers', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b')]), 1);
    for (const [minute, vcpus] of [8, 16, 32].entries()) {
      const rows = [rowIn(scope, 'a', { vcpus }), rowIn(scope, 'b', { vcpus })];
      await bench().commit(complete(scope, rows), 2 + minute);
    }
    const { read } = bench().store;
    const all = await read.changes({ limit: 10 });
    expect(all.map((c) => c.seq)).toEqual(all.map((c) => c.seq).toSorted((a, b) => b - a));
    expect(new Set(all.map((c) => c.seq)).size).toBe(6);
    expect((await read.changes({ uid: 'vm:a', limit: 10 })).map((c) => c.to)).toEqual(['32', '16', '8']);
    const [newest, second, third] = all;
    expect(await read.changes({ since: third?.seq ?? 0, limit: 10 })).toEqual([newest, second]);
    expect(await read.changes({ before: newest?.seq ?? 0, limit: 2 })).toEqual([second, third]);
    expect(await read.revision()).toBe(newest?.seq);
  });

  it('fault 17: a listing that names a resource twice counts it once', async () => {
    await bench().register(scope);
    const rows = [rowIn(scope, 'a', { vcpus: 1 }), rowIn(scope, 'b'), rowIn(scope, 'a', { vcpus: 2 })];
    expect(await bench().commit(complete(scope, rows), 1)).toMatchObject({ appeared: 2 });
    expect((await bench().row('a')).resource.vcpus).toBe(2);
    expect((await bench().scope(scope)).count).toBe(2);
  });

  it('fault 24: a uid that is used again is one row, new only if it was created at another time', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b'), rowIn(scope, 'c')]), 1);
    await bench().commit(complete(scope, []), 2);
    const again = [rowIn(scope, 'a'), rowIn(scope, 'b', { createdAt: iso(3) }), rowIn(scope, 'c', { createdAt: null })];
    expect(await bench().commit(complete(scope, again), 4)).toMatchObject({ appeared: 3 });
    expect((await bench().live()).map((row) => [row.resource.name, row.firstSeen, row.removedAt])).toEqual([
      ['a', iso(1), null],
      ['b', iso(4), null],
      ['c', iso(1), null],
    ]);
    await bench().commit(complete(scope, [rowIn(scope, 'a', { createdAt: iso(5) })]), 6);
    expect((await bench().row('a')).firstSeen).toBe(iso(6));
  });
}
