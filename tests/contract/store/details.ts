import { expect, it } from 'vitest';
import { type Batch, type DetailField, drain, type Listing, type Resource } from '#lib/model/index.ts';
import { type Bench, complete, MINUTE, rowIn, scopeOf, T0 } from './fixture.ts';

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
    const put = { origin: row.origin, resources: [row], unknown: new Map([[row.uid, ALL]]) };
    expect(await bench().store.write.apply(scope.id, [put], T0 + 2 * MINUTE)).toMatchObject({ unchanged: 1 });
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
}
