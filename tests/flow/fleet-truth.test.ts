import { beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, fleetOf, type Plant, type Truth } from '#lib/demo/index.ts';
import { drain, type Resource } from '#lib/model/index.ts';
import type { Provider } from '#providers/contract.ts';
import { registry } from '#providers/registry.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { silentLogger as log } from '#tests/support/log.ts';

type Options = { seed: number; resources: number; faults: boolean };

/** Every row that the mocks of all providers list, through the real mappings. */
async function rowsOf(provider: Provider, options: Options, now: number): Promise<Resource[]> {
  const config = provider.config.parse({ mock: options });
  const environment = { source: provider.id, clock: testClock(now), log, random: () => 0.5 };
  const connection = await (await provider.load()).open(config, environment);
  const call = { signal: new AbortController().signal };
  const rows: Resource[] = [];
  for await (const scope of connection.scopes(call)) {
    const listing = await drain(scope, connection.list(scope, call), (cause) => {
      throw new Error(`${scope.id} failed`, { cause });
    });
    expect(listing.complete, scope.id).toBe(true);
    rows.push(...listing.resources.values());
  }
  await connection.close();
  return rows;
}

describe.each([
  { seed: 1, resources: 2000, faults: false },
  { seed: 4, resources: 8000, faults: false },
])('the truth about the fleet of $resources, held against what the adapters say of it', (options) => {
  const now = Date.parse('2026-11-21T09:00:00Z');
  const fleet: Fleet = fleetOf(options);
  const truth: Truth = fleet.at(now).truth();
  const rows = new Map<string, Resource>();

  beforeAll(async () => {
    for (const provider of Object.values(registry))
      for (const row of await rowsOf(provider, options, now)) rows.set(row.uid, row);
  });

  const row = (uid: string): Resource => {
    const found = rows.get(uid);
    if (!found) throw new Error(`no row ${uid}`);
    return found;
  };
  const values = (uid: string, type: string): string[] =>
    row(uid)
      .identities.filter((identity) => identity.type === type)
      .map(({ value }) => value);
  const shared = (a: string, b: string, type: string): string[] => {
    const known = new Set(values(a, type));
    return values(b, type).filter((value) => known.has(value));
  };

  it('names the rows that are listed, of every provider', () => {
    const providers = new Set<string>();
    for (const { members } of truth.machines()) for (const uid of members) providers.add(row(uid).provider);
    for (const { guest, host } of truth.runsOn()) {
      providers.add(row(guest).provider);
      expect(row(host).kind).toBe('host');
    }
    expect(providers).toEqual(new Set(Object.keys(registry)));
  });

  it('finds its evidence in the rows of every pair that is certain', () => {
    let pairs = 0;
    for (const machine of truth.machines())
      for (const { a, b, by, certain } of machine.pairs) {
        if (by === null || by === 'guests' || !certain) continue;
        expect(shared(a, b, by).length, `${by}: ${a} and ${b}`).toBeGreaterThan(0);
        pairs++;
      }
    expect(pairs).toBeGreaterThan(50);
  });

  it('finds what each guest runs on among the identities of its host', () => {
    for (const { guest, host } of truth.runsOn()) {
      const names = new Set(row(host).identities.map(({ type, value }) => `${type} ${value}`));
      const hosted = row(guest).hostedBy.map(({ type, value }) => `${type} ${value}`);
      expect(
        hosted.some((name) => names.has(name)),
        `${guest} on ${host}`,
      ).toBe(true);
    }
  });

  it('plants conflicts in the rows', () => {
    const planted = new Map<Plant, (readonly string[])[]>();
    for (const { plant, uids } of truth.planted()) planted.set(plant, [...(planted.get(plant) ?? []), uids]);
    const each = (plant: Plant, check: (...uids: string[]) => void): void => {
      expect(planted.get(plant)?.length, plant).toBeGreaterThan(0);
      for (const uids of planted.get(plant) ?? []) check(...uids);
    };
    each('cloned-machine-id', (a = '', b = '', c = '') => {
      expect(shared(a, b, 'machine-id')).toEqual(shared(b, c, 'machine-id'));
      expect(shared(a, b, 'machine-id').length).toBe(1);
    });
    each('cloned-uuid', (a = '', b = '') => expect(shared(a, b, 'system-uuid').length).toBe(1));
    each('reused-name', (vm = '', older = '', node = '') => {
      expect(shared(vm, older, 'provider-id')).toEqual(shared(vm, node, 'provider-id'));
      expect(shared(vm, node, 'instance-id').length).toBe(1);
      expect(shared(older, node, 'instance-id')).toEqual([]);
    });
    each('reused-name-unsaid', (vm = '', older = '', node = '') => {
      expect(shared(older, node, 'provider-id')).toEqual(shared(vm, node, 'provider-id'));
      expect(values(node, 'instance-id')).toEqual([]);
    });
    each('claimed-twice', (vm = '', one = '', other = '') => {
      expect(shared(vm, one, 'provider-id')).toEqual(shared(vm, other, 'provider-id'));
      expect(row(one).account).not.toBe(row(other).account);
    });
    each('half-listed', (node = '') => {
      const [id = ''] = values(node, 'provider-id');
      expect([...rows.values()].filter(({ identities }) => identities.some(({ value }) => value === id)).length).toBe(
        1,
      );
    });
    each('byte-order', (vm = '', node = '') => {
      expect(values(node, 'provider-id')).toEqual([]);
      expect(values(vm, 'vm-id')).not.toEqual(values(node, 'system-uuid'));
      expect(shared(vm, node, 'system-uuid').length).toBe(1);
    });
  });
});
