import { expect, it } from 'vitest';
import { StaleGeneration } from '#lib/store/index.ts';
import { type Bench, broken, complete, iso, limit, MINUTE, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');
const other = scopeOf('us-east-1');

export function scopeTests(bench: () => Bench): void {
  it('registers a scope as pending, with everything that describes it', async () => {
    await bench().register(scope);
    expect(await bench().store.write.scopes()).toEqual([
      {
        ...scope,
        state: 'pending',
        reason: null,
        since: iso(0),
        lastAttempt: null,
        lastSuccess: null,
        generation: 0,
        count: 0,
        unreadable: 0,
        held: 0,
        detailErrors: [],
        watched: false,
        interval: 5 * MINUTE,
      },
    ]);
  });

  it('takes over a new label and interval and keeps what it knows', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    const before = await bench().scope(scope);
    const label = 'production, Ireland';
    await bench().store.write.registerScopes('prod', [{ ...scope, label }], { interval: MINUTE, at: T0 });
    expect(await bench().scope(scope)).toEqual({ ...before, label, interval: MINUTE });
  });

  it('says since when a scope is what it is, and why', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 2);
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', since: iso(1), lastSuccess: iso(2) });
    await bench().commit(broken(scope, [], 'permission'), 3);
    await bench().commit(broken(scope, [], 'auth'), 4);
    expect(await bench().scope(scope)).toMatchObject({
      state: 'denied',
      since: iso(3),
      lastAttempt: iso(4),
      lastSuccess: iso(2),
      reason: { kind: 'auth' },
      count: 1,
    });
  });

  it.each([
    ['permission', 'denied'],
    ['auth', 'denied'],
    ['rate-limit', 'throttled'],
    ['timeout', 'partial'],
    ['network', 'partial'],
    ['deadline', 'partial'],
    ['bad-reply', 'partial'],
    ['unreadable', 'partial'],
    ['internal', 'partial'],
  ] as const)('a listing that ends with %s makes its scope %s', async (kind, state) => {
    await bench().register(scope);
    await bench().commit(broken(scope, [rowIn(scope, 'a')], kind), 1);
    expect(await bench().scope(scope)).toMatchObject({ state, reason: { kind }, lastSuccess: null, count: 1 });
  });

  it('marks a state without touching a row', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    const before = await bench().row('a');
    const reason = { kind: 'rate-limit', message: 'slow down' } as const;
    await bench().store.write.mark(scope.id, 'throttled', reason, T0 + 2 * MINUTE);
    expect(await bench().scope(scope)).toMatchObject({
      state: 'throttled',
      reason,
      since: iso(2),
      lastAttempt: iso(2),
    });
    expect(await bench().row('a')).toEqual(before);
  });

  it('a scope that is not registered again is gone, keeps its rows and takes no more', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    const generation = await bench().store.write.nextGeneration(scope.id);
    await bench().register(other);
    const late = bench().store.write.commit(await complete(scope, []), { generation, at: T0 + 2 * MINUTE, limit });
    await expect(late).rejects.toThrow(StaleGeneration);
    await expect(bench().store.write.apply(scope.id, [], T0)).rejects.toThrow(StaleGeneration);
    await bench().store.write.mark(scope.id, 'denied', null, T0 + 3 * MINUTE);
    expect(await bench().scope(scope)).toMatchObject({ state: 'gone', count: 1, lastSuccess: iso(1) });
    expect(await bench().names()).toEqual(['a']);
  });

  it('a scope that comes back is stale until it is listed, or pending if it never was', async () => {
    await bench().register(scope, other);
    await bench().commit(complete(scope, [rowIn(scope, 'a')]), 1);
    await bench().store.write.registerScopes('prod', [], { interval: MINUTE, at: T0 });
    await bench().register(scope, other);
    expect((await bench().scope(scope)).state).toBe('stale');
    expect((await bench().scope(other)).state).toBe('pending');
    expect(await bench().commit(complete(scope, [rowIn(scope, 'b')]), 2)).toMatchObject({ appeared: 1 });
    expect(await bench().names()).toEqual(['b']);
  });

  it('registers some scopes more and leaves the others as they are', async () => {
    const second = scopeOf('eu-west-2');
    await bench().register(scope);
    await bench().store.write.registerScopes('prod', [second], { interval: MINUTE, at: T0, more: true });
    expect((await bench().scope(scope)).state).toBe('pending');
    expect((await bench().scope(second)).state).toBe('pending');
    await bench().store.write.registerScopes('prod', [second], { interval: MINUTE, at: T0 });
    expect((await bench().scope(scope)).state).toBe('gone');
  });

  it('refuses scopes that are not registered or belong to another source', async () => {
    await expect(bench().store.write.nextGeneration('nowhere')).rejects.toThrow('not registered');
    await expect(bench().store.write.mark('nowhere', 'fresh', null, T0)).rejects.toThrow('not registered');
    const lab = scopeOf('eu-west-1', 'lab');
    const mixed = bench().store.write.registerScopes('prod', [scope, lab], { interval: MINUTE, at: T0 });
    await expect(mixed).rejects.toThrow(TypeError);
    expect(await bench().store.read.scopes()).toEqual([]);
  });

  it('generations rise, each handed out once', async () => {
    await bench().register(scope);
    const next = () => bench().store.write.nextGeneration(scope.id);
    expect(new Set(await Promise.all([next(), next(), next()])).size).toBe(3);
    await bench().commit(complete(scope, []), 1);
    const { generation } = await bench().scope(scope);
    await bench().store.restart();
    expect(await next()).toBeGreaterThan(generation);
  });
}
