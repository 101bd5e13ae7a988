import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET as nothing } from '#app/api/[[...path]]/route.ts';
import { GET as exportCsv } from '#app/api/v1/export.csv/route.ts';
import { GET as exportJson } from '#app/api/v1/export.json/route.ts';
import { POST as refresh } from '#app/api/v1/refresh/route.ts';
import { GET as stream } from '#app/api/v1/stream/route.ts';
import { setWebProcess } from '#app/server/service.ts';
import {
  changesSchema,
  facetsSchema,
  groupsSchema,
  type Item,
  problemSchema,
  resourceDetailSchema,
  resourcePageSchema,
  scopesSchema,
} from '#lib/api/resources.ts';
import { readQuestions } from '#lib/questions/kit/table.ts';
import type { QueryService } from '#lib/web/service.ts';
import { registry } from '#providers/registry.ts';
import { get, type Query } from '#tests/support/api.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';
import { queryServiceAt } from '#tests/support/query-service.ts';

// Clouds to API: every adapter's mock, the real mapping, sync, SQLite, the index in its worker, the routes.
let demo: DemoStore;
let service: QueryService;
const closing = new AbortController();

beforeAll(async () => {
  demo = await demoStore(2000);
  service = queryServiceAt(demo.clock, demo.path);
  const unreachable = async () => ({ answer: 'unreachable' }) as const;
  setWebProcess({
    service,
    questions: await readQuestions(),
    providers: [],
    refresh: async () => 'unreachable',
    decide: unreachable,
    undecide: unreachable,
    closing: closing.signal,
  });
  await service.ready();
});
afterAll(async () => {
  closing.abort();
  await service.close();
  await demo.close();
});

type Route = (request: Request) => Promise<Response>;
const call = (route: Route, query: Query = {}): Promise<Response> =>
  route(
    new Request(`http://localhost/x?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}`),
  );
const page = async (query: Query = {}) => resourcePageSchema.parse(await (await get('/resources', query)).json());

async function all(query: Query): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const part = await page({ ...query, ...(cursor ? { cursor } : {}) });
    items.push(...part.items);
    cursor = part.next;
  } while (cursor !== null);
  return items;
}

describe('from the clouds to the API', () => {
  it('lists VMs, containers and hosts of all providers side by side', async () => {
    const { total } = await page();
    expect(total).toBeGreaterThan(1700);
    expect(total).toBeLessThan(2300);
    const { facets: counted } = facetsSchema.parse(await (await get('/facets')).json());
    expect(counted.provider?.map(({ value }) => value).sort()).toEqual(Object.keys(registry).sort());
    expect(counted.kind?.map(({ value }) => value).sort()).toEqual(['container', 'host', 'vm']);
    expect(Object.keys(counted)).toEqual([
      'provider',
      'kind',
      'state',
      'region',
      'account',
      'type',
      'os',
      'cluster',
      'tag.team',
    ]);
    expect(counted.provider?.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  it('reads the same rows by cursor, by offset and by export, each once', async () => {
    const query = { q: 'kind:vm', sort: '-vcpus' };
    const { total } = await page(query);
    const byCursor = (await all({ ...query, limit: 97 })).map(({ uid }) => uid);
    expect(byCursor).toHaveLength(total);
    expect(new Set(byCursor).size).toBe(total);
    const byOffset: string[] = [];
    for (let offset = 0; offset < total; offset += 100)
      byOffset.push(...(await page({ ...query, offset })).items.map(({ uid }) => uid));
    expect(byOffset).toEqual(byCursor);
    const exported = (await (await call(exportJson, query)).json()) as Item[];
    expect(exported.map(({ uid }) => uid)).toEqual(byCursor);
    expect((await (await call(exportCsv, query)).text()).split('\r\n').length).toBeGreaterThan(total);
  });

  it('answers what the filter says, and its facets agree', async () => {
    const rows = await all({ q: 'provider:aws,gcp state:running -lifecycle:spot vcpus>=4', limit: 1000 });
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      expect(['aws', 'gcp']).toContain(row.provider);
      expect(row.state).toBe('running');
      expect(row.lifecycle).not.toBe('spot');
      expect(row.vcpus).toBeGreaterThanOrEqual(4);
    }
    const { facets: counted } = facetsSchema.parse(
      await (await get('/facets', { q: 'state:stopped', fields: 'provider' })).json(),
    );
    for (const { value, count } of counted.provider ?? [])
      expect((await page({ q: `state:stopped provider:${value}` })).total).toBe(count);
  });

  it('fault 107: lists, counts, groups and exports what runs and is not ready', async () => {
    const q = 'state:running ready:no';
    const rows = await all({ q, limit: 1000 });
    expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(['docker', 'kubernetes']));
    for (const row of rows)
      expect(row).toMatchObject({ state: 'running', ready: false, readyReason: expect.any(String) });
    const { facets: counted } = facetsSchema.parse(
      await (await get('/facets', { q: 'state:running', fields: 'ready' })).json(),
    );
    expect(counted.ready).toContainEqual({ value: 'no', count: rows.length });
    const { groups: found } = groupsSchema.parse(
      await (await get('/groups', { q: 'state:running', by: 'ready' })).json(),
    );
    expect(found.find(({ value }) => value === 'no')?.count).toBe(rows.length);
    const [header = '', ...lines] = (await (await call(exportCsv, { q })).text()).trimEnd().split('\r\n');
    const at = header.split(',').indexOf('ready');
    expect(lines).toHaveLength(rows.length);
    for (const line of lines) expect(line.split(',')[at]).toBe('no');
    expect(await (await get('/resources', { q: 'ready:nope' })).json()).toMatchObject({
      code: 'bad-query',
      position: 6,
      expected: 'one of yes, no; perhaps no',
    });
  });

  it('finds a tag however its key is spelled', async () => {
    const [a, b] = [await page({ q: 'tag.cost-center:*' }), await page({ q: 'tag.CostCenter:*' })];
    expect(a.total).toBeGreaterThan(10);
    expect(b.total).toBe(a.total);
  });

  it('groups with sums, of which the whole has each machine once', async () => {
    const { total, groups: found, sum } = groupsSchema.parse(await (await get('/groups', { by: 'provider' })).json());
    expect(found.reduce((n, { count }) => n + count, 0)).toBe(total);
    // A machine that two systems see is in both groups, and once in the whole.
    const vms = (await all({ q: 'kind:vm -state:terminated', limit: 1000 })).filter(({ vcpus }) => vcpus !== null);
    const once = Map.groupBy(vms, ({ machine }) => machine)
      .values()
      .reduce((n, rows) => n + (rows[0]?.vcpus ?? 0), 0);
    expect(sum?.vcpus).toBeCloseTo(once, 6);
    const added = found.reduce((n, { vcpus }) => n + (vcpus ?? 0), 0);
    expect(added).toBeCloseTo(
      vms.reduce((n, { vcpus }) => n + (vcpus ?? 0), 0),
      6,
    );
    expect(added).toBeGreaterThan(once);
    expect(sum?.duplicates).toBeGreaterThan(0);
    expect(found.find(({ value }) => value === 'kubernetes')).toMatchObject({ vcpus: null, vms: 0 });
  });

  it('opens every kind of resource by its uid', async () => {
    for (const q of ['provider:aws', 'provider:gcp', 'provider:azure', 'kind:container', 'kind:host']) {
      const [row] = (await page({ q, limit: 1 })).items;
      const answer = resourceDetailSchema.parse(
        await (await get(`/resources/${encodeURIComponent(row?.uid ?? '')}`)).json(),
      );
      expect(answer.resource).toMatchObject({ uid: row?.uid, name: row?.name });
      expect(answer.scope.id).toBe(row?.scope);
      expect(answer.raw).not.toBeNull();
    }
  });

  it.each(['', '0', 'null', 'undefined', ':id', '[id]', '%', '../../etc/passwd', '__proto__'])(
    'knows no resource %j',
    async (uid) => {
      const answer = await get(`/resources/${encodeURIComponent(uid)}`);
      expect(answer.status).toBe(404);
      expect(problemSchema.parse(await answer.json()).code).toBe('not-found');
    },
  );

  it('fault 4: names what could not be seen, with the reason, and counts it in the freshness', async () => {
    const { freshness } = await page();
    expect(freshness.problems.map(({ state }) => state)).toContain('denied');
    expect(freshness.problems.map(({ state }) => state)).toContain('throttled');
    expect(freshness.fresh).toBeLessThan(freshness.total);
    const listed = scopesSchema.parse(await (await get('/scopes')).json()).scopes;
    expect(listed.find(({ state }) => state === 'denied')?.reason).toMatchObject({ kind: 'permission' });
    expect(listed.reduce((sum, { count }) => sum + count, 0)).toBe(freshness.total);
  });

  it('fault 4: says of a cluster that cannot be read what it says of a region, by the name that rows carry', async () => {
    const [row] = (await page({ q: 'kind:container', limit: 1 })).items;
    const reason = { kind: 'permission', message: 'not allowed' } as const;
    const id = `kubernetes/${row?.account}/*/nodes`;
    await demo.store.mark(id, 'denied', reason, demo.clock.now());
    // The index looks at the store a few times a second.
    const ids = async () =>
      (await page({ q: `cluster:${row?.cluster} kind:container` })).freshness.problems.map((problem) => problem.id);
    await expect.poll(ids).not.toContain(id);
    const all = async () =>
      (await page({ q: `cluster:${row?.cluster}` })).freshness.problems.map((problem) => problem.id);
    await expect.poll(all).toContain(id);
  });

  it('fault 80: answers a mistake with its place and what was expected', async () => {
    const answer = await get('/resources', { q: 'kind:vm stat:running' });
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'bad-query', position: 8 });
  });

  it('fault 68: refuses a cursor that was made up or belongs to another order', async () => {
    const { next } = await page({ sort: 'name', limit: 1 });
    for (const cursor of ['x', 'e30', next?.slice(0, 12) ?? '', btoa('{"a":1}')]) {
      const answer = await get('/resources', { cursor });
      expect(problemSchema.parse(await answer.json()).code, cursor).toBe('bad-cursor');
    }
    expect((await get('/resources', { sort: '-vcpus', cursor: next ?? '' })).status).toBe(400);
  });

  it('answers an export of a bad query with a problem, not with a broken file', async () => {
    expect((await call(exportCsv, { q: 'nope:1' })).status).toBe(400);
  });

  it('says that the collector does not answer', async () => {
    const answer = await refresh(new Request('http://localhost/x', { method: 'POST', body: '{}' }));
    expect(answer.status).toBe(503);
    expect((await refresh(new Request('http://localhost/x', { method: 'POST', body: '{"scope":7}' }))).status).toBe(
      400,
    );
    expect((await refresh(new Request('http://localhost/x', { method: 'POST', body: 'x' }))).status).toBe(400);
  });

  it('answers a problem, not a page, below /api where there is nothing', async () => {
    const answer = nothing();
    expect(answer.status).toBe(404);
    expect(problemSchema.parse(await answer.json()).code).toBe('not-found');
  });

  it('answers HEAD of the stream without opening one', async () => {
    for (let i = 0; i < 501; i++) {
      const answer = await stream(new Request('http://localhost/x', { method: 'HEAD' }));
      expect(answer.status).toBe(200);
      expect(answer.body).toBeNull();
    }
    const opened = await call(stream);
    expect(opened.status).toBe(200);
    await opened.body?.cancel();
  });

  it('streams what changes, by revision, and shows it in list and changes', async () => {
    const { revision } = await page();
    const reader = (await call(stream, { since: revision })).body?.pipeThrough(new TextDecoderStream()).getReader();
    demo.clock.advance(10 * 60_000);
    await demo.list();
    let text = '';
    while (!text.includes('data:')) text += (await reader?.read())?.value ?? '';
    const event = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '');
    expect(event.revision).toBeGreaterThan(revision);
    expect(text).toMatch(/^retry: \d+$/m);
    expect(text).toContain(`id: ${event.revision}\nevent: change`);
    await reader?.cancel();
    const listed = changesSchema.parse(await (await get('/changes', { q: '', since: revision })).json());
    expect(listed.changes.length).toBeGreaterThan(0);
    for (const change of listed.changes) expect(change.seq).toBeGreaterThan(revision);
  });
});
