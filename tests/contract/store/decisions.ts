import { expect, it } from 'vitest';
import type { Decision, PermissionsSeen } from '#lib/model/index.ts';
import { type Bench, complete, iso, MINUTE, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');
const said = (fields: Partial<Decision> = {}): Decision => ({
  a: 'vm:a',
  b: 'vm:b',
  verdict: 'join',
  reason: 'same serial number on the label',
  at: iso(1),
  ...fields,
});

export function decisionTests(bench: () => Bench): void {
  const decide = (decision: Decision) => bench().store.write.decide(decision, decision);
  const takeBack = (a: string, b: string) => bench().store.write.decide({ a, b }, null);
  const decisions = () => bench().store.read.decisions();
  const revision = () => bench().store.read.revision();

  it('keeps one word per pair, whichever way round it is said, over a restart', async () => {
    expect(await decide(said())).toBe(true);
    await decide(said({ a: 'vm:b', b: 'vm:a', verdict: 'split', reason: 'two racks', at: iso(2) }));
    await bench().store.restart();
    expect(await decisions()).toEqual([said({ verdict: 'split', reason: 'two racks', at: iso(2) })]);
  });

  it('answers all of them, by a and then b', async () => {
    for (const [a, b] of [
      ['m', 'n'],
      ['a', 'z'],
      ['a', 'b'],
    ] as const)
      await decide(said({ a, b }));
    expect((await decisions()).map(({ a, b }) => a + b)).toEqual(['ab', 'az', 'mn']);
  });

  it('tells readers by a new revision, but for a repetition, and tells the feed nothing', async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a'), rowIn(scope, 'b')]), 1);
    const start = await revision();
    await decide(said());
    expect(await revision()).toBe(start + 1);
    await decide(said({ at: iso(9) }));
    expect(await revision()).toBe(start + 1);
    expect((await decisions())[0]?.at).toBe(iso(1));
    await decide(said({ reason: 'another reason' }));
    expect(await revision()).toBe(start + 2);
    expect(await bench().store.read.feed(start, 100)).toEqual([]);
    await bench().commit(complete(scope, [rowIn(scope, 'a', { state: 'stopped' }), rowIn(scope, 'b')]), 2);
    const rows = await bench().store.read.feed(start + 2, 100);
    expect(rows.map((row) => [row.resource.name, row.seq])).toEqual([['a', await revision()]]);
  });

  it('takes a word back once, whichever way round', async () => {
    await decide(said());
    const before = await revision();
    expect(await takeBack('vm:b', 'vm:a')).toBe(true);
    expect(await decisions()).toEqual([]);
    expect(await revision()).toBe(before + 1);
    expect(await takeBack('vm:a', 'vm:b')).toBe(false);
    expect(await revision()).toBe(before + 1);
  });

  it('keeps a word over re-listing, removal and pruning of both resources', async () => {
    await bench().register(scope);
    const both = [rowIn(scope, 'a'), rowIn(scope, 'b')];
    await bench().commit(complete(scope, both), 1);
    await decide(said({ verdict: 'split' }));
    await bench().commit(complete(scope, both), 2);
    await bench().commit(complete(scope, []), 3);
    expect(await bench().names()).toEqual([]);
    await bench().store.write.prune(T0 + 60 * MINUTE, T0 + 60 * MINUTE);
    expect(await bench().store.read.rows(['vm:a', 'vm:b'])).toEqual([]);
    expect(await decisions()).toEqual([said({ verdict: 'split' })]);
    await bench().commit(complete(scope, both), 4);
    await bench().store.restart();
    expect(await decisions()).toEqual([said({ verdict: 'split' })]);
  });

  it('refuses a word about one resource, and one without a reason', async () => {
    const { write } = bench().store;
    await expect(write.decide({ a: 'vm:a', b: 'vm:a' }, said({ b: 'vm:a' }))).rejects.toThrow('two resources');
    await expect(write.decide(said(), said({ reason: ' ' }))).rejects.toThrow();
    expect(await decisions()).toEqual([]);
    expect(await revision()).toBe(0);
  });

  it('fault 77: uids and reasons come back as they went in', async () => {
    const odd = ['\0', 'a\0b', '\ud800', '\u0001"x"', "'; drop table decisions; --", '__proto__'].toSorted();
    for (const [i, uid] of odd.entries())
      await decide(said({ a: uid, b: `${uid}!`, reason: `reason ${i}: ${uid} told` }));
    const found = (await decisions()).toSorted((x, y) => (x.a < y.a ? -1 : 1));
    expect(found.map(({ a, b }) => [a, b])).toEqual(odd.map((uid) => [uid, `${uid}!`]));
    expect(found.map(({ reason }) => reason)).toEqual(odd.map((uid, i) => `reason ${i}: ${uid} told`));
    for (const uid of odd) expect(await takeBack(uid, `${uid}!`)).toBe(true);
  });
}

const seen = (source: string, fields: Partial<PermissionsSeen> = {}): PermissionsSeen => ({
  source,
  provider: 'aws',
  at: iso(1),
  permissions: [
    { action: 'ec2:DescribeInstances', account: '1', region: 'eu-west-1', state: 'denied', message: 'no \ud800 \0' },
  ],
  missing: { format: 'json', text: '{}\n' },
  ...fields,
});

export function permissionTests(bench: () => Bench): void {
  const saw = (what: PermissionsSeen) => bench().store.write.sawPermissions(what);
  const permissions = () => bench().store.read.permissions();

  it('keeps the last look at each source, over a restart, without a revision', async () => {
    await saw(seen('b'));
    await saw(seen('a'));
    await saw(seen('b', { at: iso(2), permissions: [], missing: null }));
    await bench().store.restart();
    expect(await permissions()).toEqual([seen('a'), seen('b', { at: iso(2), permissions: [], missing: null })]);
    expect(await bench().store.read.revision()).toBe(0);
  });

  it('forgets a source that is configured no more', async () => {
    await saw(seen('a'));
    await saw(seen('b'));
    await bench().store.write.retainSources(['b'], T0);
    expect((await permissions()).map(({ source }) => source)).toEqual(['b']);
  });
}
