import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item, StreamEvent } from '#lib/api/resources.ts';
import { resourcePageSchema } from '#lib/api/resources.ts';
import { FIELDS } from '#lib/language/fields.ts';
import { parse, parseSort } from '#lib/language/grammar/index.ts';
import type changesQuestion from '#lib/questions/changes.ts';
import type facetsQuestion from '#lib/questions/facets.ts';
import type resource from '#lib/questions/resource.ts';
import type resources from '#lib/questions/resources.ts';
import { startQueryService } from '#lib/web/client.ts';
import type { QueryService } from '#lib/web/service.ts';
import { registry } from '#providers/registry.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';
import { oracleFilter, oracleSort } from '#tests/support/oracle.ts';
import { queryServiceAt } from '#tests/support/query-service.ts';

let demo: DemoStore;
let service: QueryService;
const all: Item[] = [];

beforeAll(async () => {
  demo = await demoStore(2000);
  service = queryServiceAt(demo.clock, demo.path);
  await service.ready();
  for await (const items of service.rows('', '', new AbortController().signal)) all.push(...items);
});
afterAll(async () => {
  await service?.close();
  await demo?.close();
});

const uidsOf = async (q: string, sort = ''): Promise<string[]> => {
  const uids: string[] = [];
  for await (const items of service.rows(q, sort, new AbortController().signal))
    uids.push(...items.map(({ uid }) => uid));
  return uids;
};

describe('the worker over the store of the demo fleet', () => {
  it('has every row once, in the shape of the API', async () => {
    expect(all.length).toBeGreaterThan(1500);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    const page = await service.ask<typeof resources>('/resources', { q: '', sort: '', limit: 500, offset: 900 });
    expect(resourcePageSchema.parse(JSON.parse(JSON.stringify(page))).total).toBe(all.length);
    expect(page.items.map(({ uid }) => uid)).toEqual(all.slice(900, 1400).map(({ uid }) => uid));
    expect(new Set(all.map(({ provider }) => provider))).toEqual(new Set(Object.keys(registry)));
  });

  it.each([
    'provider:aws,gcp kind:vm state:running',
    'kind:container -namespace:kube-system restarts>0',
    'region:us-*,eu-* vcpus>=4 memory<=64Gi',
    'tag.team:""',
    'tag.env:* state:running',
    'on:* kind:container',
    'runs:*',
    'members>1',
    'node:* -guests:0',
    'age>30d',
    'ip:10.0.0.0/8 -zone:""',
    'api',
    'name:*-1* kind:host,container',
    'freshness:denied,fresh',
    'ready:no',
    'state:running ready:no',
    'ready:yes kind:host',
    'ready:"" kind:container',
    'ready.reason:ReadinessGates*,unhealthy',
    'last:OOMKilled',
  ])('fault 101: answers %s as plain arrays do, at the time of the rows', async (q) => {
    const expected = oracleFilter(all, parse(q).clauses, demo.clock.now());
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.length);
    const uids = expected.map(({ uid }) => uid);
    expect(await uidsOf(q)).toEqual(uids);
  });

  it.each(FIELDS.filter(({ sortable }) => sortable).map(({ key }) => key))(
    'sorts by %s in both directions',
    async (key) => {
      for (const sort of [key, `-${key}`]) {
        const expected = oracleSort(all, parseSort(sort) ?? { field: '', descending: false }, demo.clock.now());
        expect(await uidsOf('', sort)).toEqual(expected.map(({ uid }) => uid));
      }
    },
  );

  it('counts in a facet what its value finds', async () => {
    const fields = FIELDS.filter(({ facet }) => facet).map(({ key }) => key);
    const { facets } = await service.ask<typeof facetsQuestion>('/facets', { q: 'state:running', fields });
    for (const field of fields) {
      for (const { value, count } of (facets[field] ?? []).slice(0, 3)) {
        const list = field === 'state' ? '' : 'state:running ';
        const { total } = await service.ask<typeof resources>('/resources', {
          q: `${list}${field}:"${value}"`,
          sort: '',
          limit: 1,
        });
        expect([field, value, total]).toEqual([field, value, count]);
      }
    }
  });

  it('finds the containers of a machine by its instance id', async () => {
    const node = all.find(
      ({ kind, identities }) => kind === 'host' && identities.some(({ type }) => type === 'instance-id'),
    );
    const instance = node?.identities.find(({ type }) => type === 'instance-id')?.value ?? '';
    const { items, total } = await service.ask<typeof resources>('/resources', {
      q: `on:${instance}`,
      sort: '',
      limit: 100,
    });
    expect(total).toBeGreaterThan(0);
    expect(items.every(({ kind, note }) => kind === 'container' && note !== null)).toBe(true);
  });

  it('says what could not be seen, also where the answer has no row of it', async () => {
    const { freshness } = await service.ask<typeof resources>('/resources', { q: 'provider:aws', sort: '', limit: 1 });
    expect(freshness.scopes.denied).toBeGreaterThan(0);
    expect(freshness.problems[0]).toMatchObject({ provider: 'aws', state: 'denied' });
    expect(freshness.oldest).toBeNull();
  });

  it('answers from a thread of its own what it answers in this one', async () => {
    const threaded = startQueryService({ path: demo.path, log: { info() {}, warn() {}, error() {} } });
    try {
      await threaded.ready();
      // Nothing that depends on the time of day: the thread has the system's clock.
      const request = { q: 'kind:container', sort: '-name', limit: 50 };
      const uids = async (from: QueryService) =>
        (await from.ask<typeof resources>('/resources', request)).items.map(({ uid }) => uid);
      expect(await uids(threaded)).toEqual(await uids(service));
    } finally {
      await threaded.close();
    }
  });

  it('tells of the next commit and has it', async () => {
    const before = service.readiness();
    const reported = new Promise<StreamEvent>((resolve) => service.subscribe(null, resolve));
    demo.clock.advance(3_600_000);
    await demo.list();
    const event = await reported;
    expect(before).toMatchObject({ state: 'ready' });
    expect(event.revision).toBeGreaterThan(before.state === 'ready' ? before.revision : Number.POSITIVE_INFINITY);
    const { changes } = await service.ask<typeof changesQuestion>('/changes', { q: '', limit: 5 });
    expect(changes.length).toBeGreaterThan(0);
    expect(
      (await service.ask<typeof resource>('/resources/{uid}', { uid: changes[0]?.uid ?? '' }))?.changes[0]?.seq,
    ).toBe(changes[0]?.seq);
  });
});
