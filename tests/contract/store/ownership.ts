import { expect, it } from 'vitest';
import { type Bench, broken, complete, iso, MINUTE, manyIn, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');
const other = scopeOf('us-east-1');

export function ownershipTests(bench: () => Bench): void {
  it('fault 25: a row that two scopes list belongs to the first, and the other cannot change or remove it', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    const second = await bench().commit(complete(other, [rowIn(other, 'a', { state: 'stopped' })]), 2);
    expect(second).toMatchObject({ foreign: 1, appeared: 0, changed: 0 });
    await bench().commit(complete(other, []), 3);
    expect(await bench().row('a')).toMatchObject({ removedAt: null, resource: { scope: scope.id, state: 'running' } });
    expect((await bench().scope(other)).count).toBe(0);
  });

  it('gives a removed row to the scope that lists it next', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().commit(complete(scope, []), 2);
    await bench().commit(complete(other, [rowIn(other, 'a')]), 3);
    expect(await bench().row('a')).toMatchObject({ removedAt: null, firstSeen: iso(1), resource: { scope: other.id } });
    expect((await bench().scope(scope)).count).toBe(0);
    expect((await bench().scope(other)).count).toBe(1);
  });

  it('gives the rows of a scope that is gone to the scope that lists them next', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b')]), 1);
    await bench().commit(complete(other, []), 1);
    await bench().register(other);
    const result = await bench().commit(complete(other, [rowIn(other, 'a')]), 2);
    expect(result).toMatchObject({ foreign: 0, changed: 1 });
    expect((await bench().row('a')).resource.scope).toBe(other.id);
    expect((await bench().row('a')).firstSeen).toBe(iso(1));
    expect((await bench().scope(scope)).count).toBe(1);
    expect((await bench().scope(other)).count).toBe(1);
  });

  it('fault 104: gives the rows of a scope that fails to the scope that lists them, once they are stale and no sooner', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b')]), 1);
    await bench().store.write.mark(scope.id, 'denied', { kind: 'permission', message: 'no' }, T0 + 5 * MINUTE);
    expect(await bench().commit(complete(other, [rowIn(other, 'a'), rowIn(other, 'b')]), 11)).toMatchObject({
      foreign: 2,
    });
    expect(await bench().scope(other)).toMatchObject({
      state: 'duplicate',
      count: 0,
      reason: {
        kind: 'other-source',
        message: expect.stringContaining(`listed by source ${scope.source} as ${scope.label}`),
      },
    });
    // Who has not seen all takes nothing: two that fail would take it from each other for ever.
    await bench().commit(broken(other, [rowIn(other, 'a')]), 12);
    expect((await bench().row('a')).resource.scope).toBe(scope.id);
    expect(await bench().commit(complete(other, [rowIn(other, 'a')]), 13)).toMatchObject({ foreign: 0, changed: 1 });
    expect((await bench().row('a')).resource.scope).toBe(other.id);
    expect([await bench().scope(scope), await bench().scope(other)]).toMatchObject([
      { state: 'denied', count: 1 },
      { state: 'fresh', count: 1 },
    ]);
    expect(await bench().changes()).toEqual([]);
    expect(await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b')]), 14)).toMatchObject({
      foreign: 1,
    });
    expect((await bench().row('a')).resource.scope).toBe(other.id);
  });

  it('fault 104: a watch says nothing that makes a scope whose rows are all another one’s fresh', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().commit(complete(other, [rowIn(other, 'a')]), 2);
    await bench().store.write.apply(other.id, [], T0 + 3 * MINUTE);
    await bench().store.write.apply(other.id, [{ objectId: 'vm:a', resources: [rowIn(other, 'a')] }], T0 + 4 * MINUTE);
    expect(await bench().scope(other)).toMatchObject({ state: 'duplicate', count: 0, lastSuccess: iso(4) });
    await bench().store.write.apply(other.id, [{ objectId: 'vm:b', resources: [rowIn(other, 'b')] }], T0 + 5 * MINUTE);
    expect(await bench().scope(other)).toMatchObject({ state: 'fresh', count: 1, reason: null });
  });

  it('fault 104: tells which of some uids nobody else keeps current', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'gone')]), 1);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 2);
    await bench().commit(complete(other, [rowIn(other, 'own')]), 2);
    const uids = ['vm:a', 'vm:gone', 'vm:own', 'vm:new'];
    const { write } = bench().store;
    expect(await write.unlisted(uids, other.id, T0 + 3 * MINUTE)).toEqual(['vm:gone', 'vm:own', 'vm:new']);
    await write.mark(scope.id, 'unreachable', { kind: 'network', message: 'no' }, T0 + 3 * MINUTE);
    expect(await write.unlisted(['vm:a'], other.id, T0 + 5 * MINUTE)).toEqual([]);
    expect(await write.unlisted(['vm:a'], other.id, T0 + 13 * MINUTE)).toEqual(['vm:a']);
  });

  it('refuses a row that says it belongs to another scope than it was listed in', async () => {
    await bench().register(scope, other);
    await expect(bench().commit(complete(scope, [rowIn(other, 'a')]), 1)).rejects.toThrow(TypeError);
    expect(await bench().names()).toEqual([]);
  });

  it('fault 29: rows of a source that is no longer configured stay, and their scope says so', async () => {
    const foreign = scopeOf('eu-west-1', 'lab');
    await bench().register(scope);
    await bench().register(foreign);
    await bench().commit(complete(scope, manyIn(scope, 2)), 1);
    await bench().commit(complete(foreign, [rowIn(foreign, 'lab-1')]), 1);
    await bench().store.write.retainSources(['prod'], T0 + 2 * MINUTE);
    await bench().commit(complete(scope, []), 3);
    expect(await bench().names()).toEqual(['lab-1']);
    expect(await bench().scope(foreign)).toMatchObject({ state: 'gone', since: iso(2), lastSuccess: iso(1), count: 1 });
    await bench().store.write.prune(T0 + 2 * MINUTE, T0 + 90 * MINUTE);
    expect(await bench().names()).toEqual(['lab-1']);
  });

  it('fault 29: a scope that is gone says when its rows leave, as soon as it is known how long is kept', async () => {
    const { write } = bench().store;
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await write.retainSources([], T0 + 2 * MINUTE);
    expect(await bench().scope(scope)).not.toHaveProperty('leavesAt');
    await write.prune(T0 - 86 * MINUTE, T0 + 4 * MINUTE);
    await bench().store.restart();
    expect(await bench().scope(scope)).toMatchObject({ state: 'gone', since: iso(2), leavesAt: iso(92) });
    await bench().register(scope);
    expect(await bench().scope(scope)).not.toHaveProperty('leavesAt');
  });

  it('fault 29: rows of a scope that is gone for longer than the retention disappear, then the scope', async () => {
    const foreign = scopeOf('eu-west-1', 'lab');
    await bench().register(scope);
    await bench().register(foreign);
    await bench().commit(complete(scope, manyIn(scope, 2)), 1);
    await bench().commit(complete(foreign, [rowIn(foreign, 'lab-1'), rowIn(foreign, 'lab-2')]), 1);
    await bench().commit(complete(foreign, []), 2);
    await bench().commit(complete(foreign, [rowIn(foreign, 'lab-1')]), 3);
    await bench().store.write.retainSources(['prod'], T0 + 4 * MINUTE);
    const { read, write } = bench().store;
    const revision = await read.revision();
    const gone = async () => (await read.scopes()).filter(({ state }) => state === 'gone').map(({ count }) => count);

    // What is as old as the retention goes; the tombstone of what goes now stays for its own time.
    expect(await write.prune(T0 + 5 * MINUTE, T0 + 95 * MINUTE)).toBeGreaterThan(0);
    expect(await bench().names()).toEqual(['m0', 'm1']);
    expect(await bench().row('lab-1')).toMatchObject({ removedAt: iso(95), lastSeen: iso(3) });
    expect(await bench().changes()).toEqual(['disappeared lab-1']);
    expect((await read.feed(revision, 10)).map((row) => row.resource.name)).toEqual(['lab-1']);
    expect(await gone()).toEqual([]);
    expect(await write.prune(T0 + 96 * MINUTE, T0 + 200 * MINUTE)).toBe(2);
    expect(await bench().names()).toEqual(['m0', 'm1']);
  });

  it('fault 29: a scope that comes back in time keeps its rows', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, manyIn(scope, 2)), 1);
    await bench().store.write.retainSources([], T0 + 2 * MINUTE);
    await bench().register(scope, other);
    await bench().store.write.prune(T0 + 50 * MINUTE, T0 + 90 * MINUTE);
    expect(await bench().names()).toEqual(['m0', 'm1']);
  });
}
