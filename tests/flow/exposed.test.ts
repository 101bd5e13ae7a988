import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '#lib/api/resources.ts';
import { reachOf } from '#lib/language/grammar/reach.ts';
import type facetsQuestion from '#lib/questions/facets.ts';
import type groupsQuestion from '#lib/questions/groups.ts';
import { startQueryService } from '#lib/web/client.ts';
import type { QueryService } from '#lib/web/service.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';

let demo: DemoStore;
let service: QueryService;
const all: Item[] = [];
const signal = new AbortController().signal;

beforeAll(async () => {
  demo = await demoStore(2000);
  service = startQueryService({ path: demo.path, log: { info() {}, warn() {}, error() {} } });
  await service.ready();
  for await (const items of service.rows('', '', signal)) all.push(...items);
});
afterAll(async () => {
  await service?.close();
  await demo?.close();
});

async function found(q: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const some of service.rows(q, '', signal)) items.push(...some);
  return items;
}
const reachesWorld = ({ addresses, mappedAddresses }: Item) =>
  [...(addresses ?? []), ...(mappedAddresses ?? [])].some((address) => reachOf(address)?.global === true);

describe('what the world can route to, from seven systems to an answer', () => {
  it('fault 113: exposed:yes finds it on interfaces and among mapped addresses, in every cloud', async () => {
    const rows = await found('exposed:yes');
    expect(rows.map(({ uid }) => uid).sort()).toEqual(
      all
        .filter(reachesWorld)
        .map(({ uid }) => uid)
        .sort(),
    );
    expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(['aws', 'gcp', 'azure', 'openstack']));
    expect(rows.every(({ exposed }) => exposed === true)).toBe(true);
    // On an interface of its own, which was called private.
    expect(
      rows.some(({ provider, addresses }) => provider === 'openstack' && addresses?.some((a) => reachOf(a)?.global)),
    ).toBe(true);
  });

  it('fault 113: a floating address that nobody routes exposes nothing', async () => {
    const rows = await found('provider:openstack exposed:no');
    expect(rows.some(({ mappedAddresses }) => (mappedAddresses?.length ?? 0) > 0)).toBe(true);
    expect(rows.some(reachesWorld)).toBe(false);
  });

  it('fault 113: says neither where not all addresses are known, and counts that', async () => {
    const unknown = await found('exposed:""');
    expect(unknown.length).toBeGreaterThan(0);
    for (const { addresses, mappedAddresses, exposed } of unknown) {
      expect(exposed).toBeNull();
      expect(addresses === null || mappedAddresses === null).toBe(true);
    }
    const { facets } = await service.ask<typeof facetsQuestion>('/facets', { q: '', fields: ['exposed'] });
    const counts = Object.fromEntries((facets.exposed ?? []).map(({ value, count }) => [value, count]));
    expect(counts).toEqual({
      yes: (await found('exposed:yes')).length,
      no: (await found('exposed:no')).length,
      '': unknown.length,
    });
    const { groups } = await service.ask<typeof groupsQuestion>('/groups', { q: '', by: 'exposed' });
    expect(Object.fromEntries(groups.map(({ value, count }) => [value, count]))).toEqual(counts);
  });
});
