import { expect, it } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import { type Bench, broken, complete, iso, MINUTE, manyIn, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');
const other = scopeOf('us-east-1');

const pod = (name: string, containers: string[], fields: Partial<Resource> = {}) =>
  containers.map((container) => rowIn(scope, `${name}/${container}`, { objectId: name, ...fields }));

export function watchTests(bench: () => Bench): void {
  const apply = (minute: number, ...upserts: [objectId: string, resources: Resource[]][]) =>
    bench().store.write.apply(
      scope.id,
      upserts.map(([objectId, resources]) => ({ objectId, resources })),
      T0 + minute * MINUTE,
    );
  const start = async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [...pod('p', ['a', 'b']), ...pod('q', ['a'])]), 1);
  };

  it('replaces all rows of an origin and no others', async () => {
    await start();
    const result = await apply(2, ['p', pod('p', ['b', 'c'], { state: 'stopped' })]);
    expect(result).toMatchObject({ appeared: 1, changed: 1, disappeared: 1 });
    expect(await bench().names()).toEqual(['p/b', 'p/c', 'q/a']);
    expect((await bench().changes()).sort()).toEqual([
      'appeared p/c',
      'changed p/b state: running -> stopped',
      'disappeared p/a',
    ]);
    expect((await bench().scope(scope)).count).toBe(3);
  });

  it('removes the rows of an origin that is gone at once: the watch named it', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, pod('p', [...'abcdefgh'])), 1);
    expect(await apply(2, ['p', []])).toMatchObject({ disappeared: 8, held: 0 });
    expect(await bench().names()).toEqual([]);
  });

  it('moves a row to another origin', async () => {
    await start();
    const moved = pod('p', ['a']).map((row) => ({ ...row, objectId: 'z' }));
    await apply(2, ['z', moved], ['p', pod('p', ['b'])]);
    expect(await bench().names()).toEqual(['p/a', 'p/b', 'q/a']);
    await apply(3, ['z', []]);
    expect(await bench().names()).toEqual(['p/b', 'q/a']);
  });

  it('confirms its scope: rows, freshness and the watch itself', async () => {
    await start();
    await bench().store.write.mark(scope.id, 'unreachable', { kind: 'network', message: 'reset' }, T0 + 2 * MINUTE);
    expect((await bench().scope(scope)).watched).toBe(false);
    await apply(3);
    expect(await bench().scope(scope)).toMatchObject({
      state: 'fresh',
      reason: null,
      since: iso(3),
      lastSuccess: iso(3),
      watched: true,
    });
    expect((await bench().row('q/a')).lastSeen).toBe(iso(3));
  });

  it('does not make a scope fresh that was never listed whole or was listed with gaps', async () => {
    await bench().register(scope);
    await apply(1, ['p', pod('p', ['a'])]);
    expect(await bench().scope(scope)).toMatchObject({ state: 'pending', lastSuccess: null, count: 1 });
    await bench().commit(complete(scope, pod('p', ['a'])), 2);
    await bench().commit(broken(scope, [], 'unreadable'), 3);
    await apply(4, ['p', pod('p', ['a', 'b'])]);
    expect(await bench().scope(scope)).toMatchObject({ state: 'partial', lastSuccess: iso(2), count: 2 });
    expect((await bench().row('p/a')).lastSeen).toBe(iso(4));
    await bench().store.write.mark(scope.id, 'unreachable', { kind: 'network', message: 'reset' }, T0 + 5 * MINUTE);
    await apply(6);
    expect(await bench().scope(scope)).toMatchObject({ state: 'unreachable', lastSuccess: iso(2), watched: false });
    await bench().commit(complete(scope, pod('p', ['a', 'b'])), 7);
    await bench().store.write.mark(scope.id, 'partial', { kind: 'unreadable', message: 'a row' }, T0 + 8 * MINUTE);
    await apply(9);
    expect(await bench().scope(scope)).toMatchObject({ state: 'partial', since: iso(8), lastSuccess: iso(7) });
  });

  it('settles rows that wait for removal, one by one', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, manyIn(scope, 60)), 1);
    await bench().commit(complete(scope, manyIn(scope, 2)), 2);
    const [seen, gone, ...rest] = manyIn(scope, 60).slice(2);
    if (seen === undefined || gone === undefined) throw new Error('too few');
    await apply(3, [seen.objectId, [seen]], [gone.objectId, []]);
    expect(await bench().scope(scope)).toMatchObject({ state: 'partial', reason: { kind: 'held' }, held: 56 });
    expect((await bench().row(rest[0]?.name ?? '')).lastSeen).toBe(iso(1));
    await apply(4, ...rest.map((row): [string, Resource[]] => [row.objectId, [row]]));
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', held: 0, count: 59 });
  });

  it('leaves rows of another scope alone, also under the same origin', async () => {
    await start();
    await bench().commit(complete(other, [rowIn(other, 'x', { objectId: 'p' })]), 2);
    const result = await apply(3, ['p', [rowIn(scope, 'x', { objectId: 'p' })]]);
    expect(result).toMatchObject({ foreign: 1, disappeared: 2 });
    expect((await bench().row('x')).resource.scope).toBe(other.id);
  });
}
