import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { setWebProcess } from '#app/server/service.ts';
import { facetsSchema, groupsSchema, type Item, problemSchema, resourcePageSchema } from '#lib/api/resources.ts';
import {
  capacitySchema,
  identityReportSchema,
  machineSchema,
  permissionsAnswerSchema,
  stackSchema,
  treePageSchema,
} from '#lib/api/stack.ts';
import { readQuestions } from '#lib/questions/kit/table.ts';
import type machineQuestion from '#lib/questions/machine.ts';
import type resourcesQuestion from '#lib/questions/resources.ts';
import type { QueryService } from '#lib/web/service.ts';
import { get as answerTo, type Query } from '#tests/support/api.ts';
import { type DemoStore, demoStore } from '#tests/support/demo-store.ts';
import { queryServiceAt } from '#tests/support/query-service.ts';

// From the clouds to what stands on what: every adapter's mock, SQLite, the links in the index's worker, the routes.
let demo: DemoStore;
let service: QueryService;
const closing = new AbortController();

beforeAll(async () => {
  demo = await demoStore(2000);
  service = queryServiceAt(demo.clock, demo.path);
  const unreachable = async () => ({ answer: 'unreachable' }) as const;
  const refresh = async () => 'unreachable' as const;
  const { signal } = closing;
  const questions = await readQuestions();
  setWebProcess({
    service,
    questions,
    providers: [],
    refresh,
    decide: unreachable,
    undecide: unreachable,
    closing: signal,
  });
  await service.ready();
});
afterAll(async () => {
  closing.abort();
  await service.close();
  await demo.close();
});

const get = async <T>(path: string, schema: z.ZodType<T>, query: Query = {}): Promise<T> =>
  schema.parse(await (await answerTo(path, query)).json());
const stack = (uid: string) => answerTo(`/resources/${encodeURIComponent(uid)}/stack`);
const machine = (uid: string) => answerTo(`/machines/${encodeURIComponent(uid)}`);

const first = async (q: string): Promise<Item> => {
  const [item] = (await get('/resources', resourcePageSchema, { q, limit: 1 })).items;
  if (item === undefined) throw new Error(`nothing answers ${q}`);
  return item;
};
const totalOf = async (q: string): Promise<number> =>
  (await get('/resources', resourcePageSchema, { q, limit: 1 })).total;

describe('the stack from the clouds to the API', () => {
  it('follows a container down to its node and the VM that the node is, with the evidence', async () => {
    const node = await first('kind:host provider:kubernetes members>1 guests>0');
    const container = await first(`on:"${node.uid}" kind:container`);
    const answer = stackSchema.parse(await (await stack(container.uid)).json());
    const [below] = answer.below;
    expect(below?.items.map(({ kind }) => kind).sort()).toEqual(['host', 'vm']);
    expect(below?.items.map(({ uid }) => uid)).toContain(node.uid);
    const relations = answer.links.map(({ relation, confidence }) => `${relation} ${confidence}`);
    expect(relations).toContain('same-as certain');
    expect(relations).toContain('runs-on certain');
    const named = new Set(answer.named.map(({ uid }) => uid));
    for (const { from, to } of answer.links) expect([named.has(from), named.has(to)]).toEqual([true, true]);
  });

  it('gathers what runs on a node, each group with its exact count and a filter that finds it', async () => {
    const node = await first('kind:host guests>5');
    const { above } = stackSchema.parse(await (await stack(node.uid)).json());
    expect(above.groups.length).toBeGreaterThan(0);
    expect(above.groups.reduce((sum, { count }) => sum + count, 0)).toBe(above.hosts + above.vms + above.containers);
    for (const { q, count } of above.groups) expect([q, await totalOf(q)]).toEqual([q, count]);
  });

  it('has a machine by any of its rows', async () => {
    const node = await first('kind:host members>1');
    const answer = machineSchema.parse(await (await machine(node.uid)).json());
    expect(answer.members).toHaveLength(node.members);
    for (const member of answer.members) {
      const same = machineSchema.parse(await (await machine(member.uid)).json());
      expect(same.machine).toBe(answer.machine);
      expect(same.machine).toBe(member.machine);
    }
  });

  it.each(['nobody', '%', '__proto__'])('knows no stack and no machine of %j', async (uid) => {
    for (const route of [stack, machine]) {
      const answer = await route(uid);
      expect(answer.status).toBe(404);
      expect(problemSchema.parse(await answer.json()).code).toBe('not-found');
    }
  });

  it('answers with the capacity that the groups add up to, and the rows that are duplicates', async () => {
    const answer = await get('/capacity', capacitySchema);
    const { sum } = await get('/groups', groupsSchema, { by: 'provider' });
    expect(answer.figures.provisioned.cpu).toBeCloseTo(sum?.vcpus ?? Number.NaN, 6);
    expect(answer.figures.requested.memory).toBeCloseTo(sum?.requestedMemory ?? Number.NaN, 6);
    expect(answer.figures.allocatable.cpu).toBeCloseTo(sum?.allocatableCpu ?? Number.NaN, 6);
    expect(answer.figures.used).toBeNull();
    expect(answer.machines).toBe(
      new Set(
        (
          await service.ask<typeof resourcesQuestion>('/resources', { q: 'members>1', sort: '', limit: 1000 })
        ).items.map((i) => i.machine),
      ).size,
    );
    for (const { rows, links } of answer.deduplicated) {
      expect(rows.length).toBeGreaterThan(1);
      expect(links.length).toBeGreaterThan(0);
    }
  });

  it('counts a VM and the node that it is once', async () => {
    const { figures } = await get('/capacity', capacitySchema, { q: 'kind:vm,host' });
    const { sum } = await get('/groups', groupsSchema, { q: 'kind:vm', by: 'provider' });
    expect(figures.provisioned.cpu).toBe(sum?.vcpus);
    expect(figures.provisioned.duplicates).toBeGreaterThan(0);
  });

  it.each(['cluster', 'node', 'machine'])('groups by %s, and each value finds its rows', async (by) => {
    const { groups: found, total } = await get('/groups', groupsSchema, { q: 'kind:container', by });
    expect(found.length).toBeGreaterThan(3);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    for (const { value, count, label } of found.slice(0, 10)) {
      expect([value, await totalOf(`kind:container ${by}:"${value}"`)]).toEqual([value, count]);
      expect(label !== null).toBe(by === 'machine' && value !== '');
    }
  });

  it('walks the tree from its roots to every row of the result', async () => {
    const q = 'state:running';
    const walk = async (parent: string | null): Promise<number> => {
      let sum = 0;
      const at = (offset: number) =>
        get('/tree', treePageSchema, { q, offset, limit: 1000, ...(parent === null ? {} : { parent }) });
      const page = await at(0);
      while (page.items.length < page.total) page.items.push(...(await at(page.items.length)).items);
      for (const { item, above, children } of page.items) {
        const below = children === 0 ? 0 : await walk(item.uid);
        expect(below).toBe(above);
        sum += below;
        const rows =
          item.members === 1
            ? [item]
            : ((await service.ask<typeof machineQuestion>('/machines/{uid}', { uid: item.uid }))?.members ?? []);
        sum += rows.filter(({ state }) => state === 'running').length;
      }
      return sum;
    };
    expect(await walk(null)).toBe(await totalOf(q));
  });

  it('answers a tree below nobody with a problem', async () => {
    const answer = await answerTo('/tree', { parent: 'nobody' });
    expect(answer.status).toBe(404);
  });

  it('lists what waits for a decision, by confidence, in pages', async () => {
    for (const confidence of ['likely', 'possible']) {
      const all = await get('/identity', identityReportSchema, { confidence, limit: 500 });
      for (const { link } of all.candidates) expect(link.confidence).toBe(confidence);
      const page = await get('/identity', identityReportSchema, { confidence, limit: 1, offset: 1 });
      expect(page.candidatesTotal).toBe(all.candidatesTotal);
      expect(page.candidates).toEqual(all.candidates.slice(1, 2));
    }
  });

  it('refuses parameters that are none', async () => {
    for (const [path, query] of [
      ['/identity', { confidence: 'certain' }],
      ['/identity', { limit: 0 }],
      ['/tree', { limit: 1001 }],
      ['/tree', { parent: '' }],
      ['/capacity', { q: 'stat:x' }],
      ['/permissions', { x: 1 }],
    ] as const) {
      expect((await answerTo(path, query)).status, path).toBe(400);
    }
  });

  it('tells what was seen of permissions', async () => {
    const seen = {
      source: 'aws',
      provider: 'aws',
      at: '2026-11-21T09:00:00.000Z',
      permissions: [
        { action: 'ec2:DescribeInstances', account: '1', region: 'eu-west-1', state: 'denied' as const, message: 'no' },
      ],
      missing: { format: 'json' as const, text: '{}' },
    };
    await demo.store.sawPermissions(seen);
    expect(await get('/permissions', permissionsAnswerSchema)).toEqual({ sources: [seen] });
  });

  it('keeps the split of a machine over a re-listing, and tells it', async () => {
    const node = await first('kind:host members:2 provider:kubernetes');
    const { members } = machineSchema.parse(await (await machine(node.uid)).json());
    const [a = '', b = ''] = members.map(({ uid }) => uid).sort();
    const decision = { a, b, verdict: 'split' as const, reason: 'test', at: '2026-11-21T09:00:00.000Z' };
    await demo.store.decide({ a, b }, decision);
    const count = async () => (await first(`uid:"${node.uid}"`)).members;
    await expect.poll(count).toBe(1);
    demo.clock.advance(600_000);
    await demo.list();
    expect(await count()).toBe(1);
    expect((await get('/identity', identityReportSchema)).decisions).toEqual([decision]);
    await demo.store.decide({ a, b }, null);
    await expect.poll(count).toBe(2);
  });

  it('counts nodes as a facet', async () => {
    const { facets: counted } = await get('/facets', facetsSchema, { q: 'kind:container', fields: 'node' });
    expect(counted.node?.length).toBeGreaterThan(3);
  });
});
