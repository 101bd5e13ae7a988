import { expect, it } from 'vitest';
import {
  type Batch,
  type DetailError,
  type DetailField,
  drain,
  type JsonValue,
  type Listing,
  type Resource,
} from '#lib/model/index.ts';
import { KEPT_ANSWERS } from '#lib/store/port.ts';
import { type Bench, complete, iso, MINUTE, rowIn, scopeOf, T0 } from './fixture.ts';

const scope = scopeOf('eu-west-1');

const known: Partial<Resource> = {
  type: 'm5.large',
  vcpus: 2,
  memory: 8192,
  addresses: ['10.0.0.1'],
  mappedAddresses: ['3.3.3.3'],
  workload: { kind: 'Deployment', name: 'web' },
  createdAt: '2026-01-01T00:00:00.000Z',
  identities: [
    { type: 'instance-id', value: 'i-a' },
    { type: 'mac', value: '0a:00:00:00:00:01' },
    { type: 'address', value: '10.0.0.1' },
    { type: 'address', value: '3.3.3.3' },
  ],
};
/** The same where nothing could be looked up. */
const bare: Partial<Resource> = {
  ...known,
  vcpus: null,
  memory: null,
  addresses: [],
  mappedAddresses: [],
  workload: { kind: 'ReplicaSet', name: 'web-6f9' },
  identities: [{ type: 'instance-id', value: 'i-a' }],
};
const ALL: readonly DetailField[] = ['vcpus', 'memory', 'addresses', 'mappedAddresses', 'workload', 'identities'];

const lacking = (row: Resource, fields: readonly DetailField[], whole = true): Promise<Listing> => {
  async function* batches(): AsyncGenerator<Batch> {
    yield { resources: [row], unreadable: [], unknown: new Map([[row.uid, fields]]) };
    if (!whole) throw new Error('broken off');
  }
  return drain(scope, batches(), () => ({ kind: 'network', message: 'broken off' }));
};

export function detailTests(bench: () => Bench): void {
  const start = async () => {
    await bench().register(scope);
    await bench().commit(complete(scope, [rowIn(scope, 'a', known)]), 1);
  };
  const untouched = async () => {
    expect((await bench().row('a')).resource).toMatchObject(known);
    expect(await bench().changes()).toEqual([]);
  };

  it.each([true, false])(
    'fault 5: keeps what a listing could not look up, also after a restart (complete: %s)',
    async (whole) => {
      await start();
      const revision = await bench().store.read.revision();
      await bench().store.restart();
      const result = await bench().commit(lacking(rowIn(scope, 'a', bare), ALL, whole), 2);
      expect(result).toMatchObject({ changed: 0, unchanged: 1, revision });
      await untouched();
    },
  );

  it('fault 5: keeps what an event of a watch could not look up', async () => {
    await start();
    await bench().store.restart();
    const row = rowIn(scope, 'a', bare);
    const upsert = { objectId: row.objectId, resources: [row], unknown: new Map([[row.uid, ALL]]) };
    expect(await bench().store.write.apply(scope.id, [upsert], T0 + 2 * MINUTE)).toMatchObject({ unchanged: 1 });
    await untouched();
  });

  it('fault 5: records the changes beside what it keeps, and nothing of what it keeps', async () => {
    await start();
    const seen = rowIn(scope, 'a', { ...bare, state: 'stopped', addresses: ['10.0.0.2'] });
    await bench().commit(lacking(seen, ['vcpus', 'memory', 'mappedAddresses', 'workload', 'identities']), 2);
    expect(await bench().changes()).toEqual([
      'changed a state: running -> stopped',
      'changed a addresses: 10.0.0.1 -> 10.0.0.2',
    ]);
    // The address that it gave back is no evidence any more.
    expect((await bench().row('a')).resource.identities).toEqual(
      known.identities?.filter(({ value }) => value !== '10.0.0.1'),
    );
  });

  it('fault 5: a value that was looked up and is empty replaces the stored one', async () => {
    await start();
    await bench().commit(lacking(rowIn(scope, 'a', { ...known, vcpus: null, memory: null }), ['memory']), 2);
    expect(await bench().changes()).toEqual(['changed a vcpus: 2 -> null']);
  });

  it('fault 5: does not keep the size of another type', async () => {
    await start();
    const resized = rowIn(scope, 'a', { ...known, type: 'm5.xlarge', vcpus: null, memory: null });
    await bench().commit(lacking(resized, ['vcpus', 'memory']), 2);
    expect((await bench().row('a')).resource).toMatchObject({ type: 'm5.xlarge', vcpus: null, memory: null });
  });

  it('fault 5: keeps nothing for a resource that was created anew under the same uid', async () => {
    await start();
    const anew = { ...bare, createdAt: '2026-11-01T00:00:00.000Z' };
    await bench().commit(lacking(rowIn(scope, 'a', anew), ALL), 2);
    expect((await bench().row('a')).resource).toMatchObject(anew);
  });

  it('fault 5: keeps what it knew of a resource that went and came back, and stores a new one as it is', async () => {
    await start();
    await bench().commit(complete(scope, []), 2);
    await bench().commit(lacking(rowIn(scope, 'a', bare), ALL), 3);
    expect((await bench().row('a')).resource).toMatchObject(known);
    await bench().commit(lacking(rowIn(scope, 'b', bare), ALL, false), 4);
    expect((await bench().row('b')).resource).toMatchObject(bare);
  });

  const failing = (call: string, minute: number, fields: DetailField[] = ['vcpus']): DetailError => ({
    call,
    fields,
    kind: 'network',
    message: `answers 500 \ud800, ${minute}`,
    since: iso(minute),
  });
  const without = (errors: readonly DetailError[], whole = true): Promise<Listing> => {
    async function* batches(): AsyncGenerator<Batch> {
      yield { resources: [rowIn(scope, 'a', known)], unreadable: [], detailErrors: errors };
      if (!whole) throw new Error('broken off');
    }
    return drain(scope, batches(), () => ({ kind: 'network', message: 'broken off' }));
  };
  const errors = async () => (await bench().scope(scope)).detailErrors;

  it('fault 5, fault 103: a scope whose details fail is fresh and says which call fails, since when, until it works; also after a restart', async () => {
    await bench().register(scope);
    await bench().commit(without([failing('x:Read', 1)]), 1);
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', reason: null });
    expect(await errors()).toEqual([failing('x:Read', 1)]);
    await bench().store.restart();
    // A new process counts from its own first failure; it is the same failure all the same.
    await bench().commit(without([failing('x:Read', 5, ['vcpus', 'memory']), failing('y:Read', 5)]), 5);
    expect(await errors()).toEqual([
      { ...failing('x:Read', 5, ['vcpus', 'memory']), since: iso(1) },
      failing('y:Read', 5),
    ]);
    await bench().commit(without([failing('y:Read', 6)]), 6);
    expect(await errors()).toEqual([{ ...failing('y:Read', 6), since: iso(5) }]);
    await bench().commit(without([]), 7);
    expect(await errors()).toEqual([]);
    await bench().commit(without([failing('x:Read', 8)]), 8);
    expect(await errors()).toEqual([failing('x:Read', 8)]);
  });

  it('fault 5: a listing that breaks off, and a watch, add calls that fail and take none back', async () => {
    await bench().register(scope);
    await bench().commit(without([failing('x:Read', 1)]), 1);
    await bench().commit(without([failing('y:Read', 2)], false), 2);
    expect((await errors()).map(({ call }) => call).sort()).toEqual(['x:Read', 'y:Read']);
    await bench().commit(without([failing('x:Read', 1)]), 3);
    const row = rowIn(scope, 'a', known);
    const upsert = { objectId: row.objectId, resources: [row] };
    await bench().store.write.apply(
      scope.id,
      [upsert, { ...upsert, detailErrors: [failing('z:Read', 4)] }],
      T0 + 4 * MINUTE,
    );
    expect((await errors()).map(({ call, since }) => [call, since])).toEqual([
      ['x:Read', iso(1)],
      ['z:Read', iso(4)],
    ]);
    await bench().store.write.apply(scope.id, [upsert], T0 + 5 * MINUTE);
    expect(await errors()).toHaveLength(2);
    expect(await bench().scope(scope)).toMatchObject({ state: 'fresh', watched: true });
  });

  const keep = (source: string, key: string, value: JsonValue, minute = 1) =>
    bench().store.write.keepAnswer(source, key, { value, at: T0 + minute * MINUTE });
  const kept = async (source: string, key: string) => (await bench().store.write.keptAnswer(source, key))?.value;

  it('fault 5, fault 103: keeps small answers of a source over a restart, the newest under a key, without a revision', async () => {
    expect(await bench().store.write.keptAnswer('prod', 'sizes')).toBeNull();
    await keep('prod', 'sizes', { 'm5.large': [2, 8192], hostile: 'no \ud800 \0' });
    await keep('prod', 'sizes', { 'm5.large': [4, 8192], hostile: 'no \ud800 \0' }, 2);
    await keep('other', 'sizes', null);
    await bench().store.restart();
    expect(await bench().store.write.keptAnswer('prod', 'sizes')).toEqual({
      value: { 'm5.large': [4, 8192], hostile: 'no \ud800 \0' },
      at: T0 + 2 * MINUTE,
    });
    expect(await kept('other', 'sizes')).toBeNull();
    expect(await bench().store.read.revision()).toBe(0);
  });

  it('fault 94: keeps answers within bounds: no large one, of many the newest, none of a source that is configured no more', async () => {
    await keep('prod', 'large', 'x'.repeat(KEPT_ANSWERS.characters));
    expect(await bench().store.write.keptAnswer('prod', 'large')).toBeNull();
    for (let n = 0; n <= KEPT_ANSWERS.ofSource; n++) await keep('prod', `key ${n}`, n, n);
    expect(await kept('prod', 'key 0')).toBeUndefined();
    expect(await kept('prod', 'key 1')).toBe(1);
    expect(await kept('prod', `key ${KEPT_ANSWERS.ofSource}`)).toBe(KEPT_ANSWERS.ofSource);
    await bench().store.write.prune(T0 + 10 * MINUTE, T0 + 3000 * MINUTE);
    expect(await kept('prod', 'key 9')).toBeUndefined();
    expect(await kept('prod', 'key 10')).toBe(10);
    await keep('other', 'key', 1);
    await bench().store.write.retainSources(['other'], T0);
    expect([await kept('prod', 'key 10'), await kept('other', 'key')]).toEqual([undefined, 1]);
  });
}
