import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facets, Item } from '#lib/api/resources.ts';
import type { Sort } from '#lib/language/grammar/ast.ts';
import { format } from '#lib/language/grammar/format.ts';
import { fold } from '#lib/language/grammar/pattern.ts';
import { tagsOf } from '#lib/model/index.ts';
import resourcesQuestion from '#lib/questions/resources.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { oracleFacet, oracleFilter, oracleSort } from '#tests/support/oracle.ts';
import { fleet, question } from '#tests/support/query-arbitraries.ts';
import { NOW, started, uidsIn, uidsOf } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { plainFigures } from '#tests/support/stack/figures-oracle.ts';
import { Engine } from './engine.ts';

describe('the index agrees with plain arrays', () => {
  it('on which rows answer a question and in which order', () =>
    fc.assert(
      fc.asyncProperty(fleet, fc.array(question, { minLength: 1, maxLength: 5 }), async (resources, questions) => {
        const { engine, items } = await started(resources);
        const all = await items();
        for (const query of questions) {
          const expected = oracleSort(oracleFilter(all, query.clauses, NOW), query.sort ?? sortByName, NOW);
          expect(uidsIn(engine, format(query), '')).toEqual(uidsOf(expected));
        }
      }),
      { numRuns: 400 },
    ));

  it('after any commits of updates and removals, as if it were built anew', () => {
    const commit = fc.record({
      puts: fleet,
      removals: fc.array(fc.integer({ min: 0, max: 60 }).map((n) => `uid-${n}`)),
    });
    return fc.assert(
      fc.asyncProperty(fleet, fc.array(commit, { maxLength: 4 }), question, async (resources, commits, query) => {
        const { store, engine, follower, items } = await started(resources);
        for (const { puts, removals } of commits) {
          store.commit(puts, removals);
          uidsIn(engine, format(query), '');
          await follower.poll();
          if (removals.length % 2 === 1) engine.compact();
          const expected = oracleSort(oracleFilter(await items(), query.clauses, NOW), query.sort ?? sortByName, NOW);
          expect(uidsIn(engine, format(query), '')).toEqual(uidsOf(expected));
          const facets = engine.facets(format(query), ['region', 'tag.team']);
          engine.compact();
          expect(uidsIn(engine, format(query), '')).toEqual(uidsOf(expected));
          expect(counts(engine.facets(format(query), ['region', 'tag.team']))).toEqual(counts(facets));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('on the counts of every facet, whose own list does not narrow it', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { engine, items } = await started(resources);
        const fields = [
          'provider',
          'kind',
          'state',
          'region',
          'type',
          'scope',
          'freshness',
          'tag.team',
          'tag.',
          'tag.__proto__',
        ];
        const all = await items();
        const { facets, total } = engine.facets(format(query), fields);
        expect(total).toBe(oracleFilter(all, query.clauses, NOW).length);
        for (const field of fields) {
          // Scope ids are told apart by case, and so are their counts.
          const counted = facets[field]?.map(({ value, count }) => [fold(value), count] as const) ?? [];
          const sums = new Map<string, number>();
          for (const [value, count] of counted) sums.set(value, (sums.get(value) ?? 0) + count);
          expect(sums).toEqual(new Map(oracleFacet(all, query, field, NOW)));
        }
      }),
      { numRuns: 300 },
    ));

  it('on the sums of groups', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { engine, items } = await started(resources);
        const all = await items();
        const rows = oracleFilter(all, query.clauses, NOW);
        const { groups, sum, total } = engine.groups(format(query), 'provider').groups;
        expect(total).toBe(rows.length);
        const { table } = engine;
        const precedence = (item: Item): number => {
          const slot = table.slotOf(item.uid) ?? 0;
          return table.links.stack.members(slot).indexOf(slot);
        };
        const machines = [...Map.groupBy(all, ({ machine }) => machine).values()].map((members) =>
          members.toSorted((a, b) => precedence(a) - precedence(b)),
        );
        const figures = (of: Item[]) => {
          const { provisioned, requested, allocatable, physical } = plainFigures(machines, (item) => of.includes(item));
          return {
            count: of.length,
            vms: of.filter(({ kind }) => kind === 'vm').length,
            running: of.filter(({ state }) => state === 'running').length,
            vcpus: provisioned.cpu,
            memory: provisioned.memory,
            requestedCpu: requested.cpu,
            allocatableMemory: allocatable.memory,
            physicalCpu: physical.cpu,
          };
        };
        for (const group of groups) {
          expect(group).toMatchObject(figures(rows.filter(({ provider }) => provider === group.value)));
        }
        if (rows.length === 0) expect(sum).toBeNull();
        else expect(sum).toMatchObject(figures(rows));
      }),
      { numRuns: 100 },
    ));
});

/** Without spellings: which of several is shown may differ once dead rows are gone. */
const counts = ({ facets }: Facets) =>
  Object.values(facets).map((values) => values.map(({ value, count }) => `${fold(value)} ${count}`).sort());

const sortByName: Sort = { field: 'name', descending: false };

describe('what random fleets seldom meet', () => {
  it('a host that is gone no longer lends its names', async () => {
    const node = { type: 'node' as const, value: 'c/n' };
    const host = {
      uid: 'host',
      kind: 'host' as const,
      identities: [node, { type: 'instance-id' as const, value: 'i-1' }],
    };
    const { store, engine, follower } = await started([
      anyResource(host),
      anyResource({ uid: 'pod', kind: 'container', hostedBy: [node] }),
    ]);
    expect(uidsIn(engine, 'on:i-1', '')).toEqual(['pod']);
    store.commit([anyResource({ ...host, identities: [node] })]);
    await follower.poll();
    expect(uidsIn(engine, 'on:i-1', '')).toEqual([]);
    expect(uidsIn(engine, 'on:n', '')).toEqual(['pod']);
  });

  it('a facet leaves out every list of its own field', async () => {
    const states = ['running', 'stopped', 'failed'] as const;
    const { engine } = await started(states.map((state) => anyResource({ uid: state, state })));
    const { facets, total } = engine.facets('state:running state:stopped', ['state']);
    expect(total).toBe(0);
    expect(facets.state?.map(({ value }) => value)).toEqual(['failed', 'running', 'stopped']);
  });

  it('an export outlives the table it was made from, and has the rows of its beginning', async () => {
    const { store, engine, follower } = await started(
      [1, 2, 3].map((n) => anyResource({ uid: `u${n}`, name: `n${n}` })),
    );
    const list = engine.rows('', 'name');
    store.commit([anyResource({ uid: 'u4', name: 'n0' })], ['u2']);
    await follower.poll();
    expect(list.uids(0, 2)).toEqual(['u1', 'u2']);
    engine.compact();
    expect(list.uids(1, 3)).toEqual(['u2', 'u3']);
    expect(uidsIn(engine, '', 'name')).toEqual(['u4', 'u1', 'u3']);
  });

  it('a store whose revision is lower than known is another store', async () => {
    const { store, follower } = await started([anyResource({ uid: 'a' }), anyResource({ uid: 'b' })]);
    store.revision = async () => 1;
    await expect(follower.poll()).rejects.toThrow('another');
  });
});

describe('questions that cannot be answered', () => {
  it.each([
    [
      { q: 'state:', sort: '', limit: 1, start: null },
      { code: 'bad-query', position: 0 },
    ],
    [
      { q: '', sort: 'nothing', limit: 1, start: null },
      { code: 'bad-parameter', parameter: 'sort' },
    ],
    [
      { q: '', sort: '', limit: 0, start: null },
      { code: 'bad-parameter', parameter: 'limit' },
    ],
    [
      { q: '', sort: '', limit: 1, start: { offset: -1 } },
      { code: 'bad-parameter', parameter: 'offset' },
    ],
    [
      { q: '', sort: '', limit: 1, start: { offset: Number.NaN } },
      { code: 'bad-parameter', parameter: 'offset' },
    ],
  ])('%j', async (request, problem) => {
    const { engine } = await started([]);
    expect(() => engine.page(request)).toThrow(expect.objectContaining({ problem: expect.objectContaining(problem) }));
  });

  it('fault 80: ends a question that takes too long', async () => {
    const store = new MemoryStore();
    store.commit([anyResource()]);
    let time = 0;
    // A clock that runs while the question is worked on.
    const engine = new Engine({ now: () => NOW, monotonic: () => (time += 1500) });
    engine.apply(store.live());
    expect(() => engine.page({ q: 'a state:running', sort: '', limit: 1, start: null })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'timeout' }) }),
    );
  });
});

describe('hostile content', () => {
  it('fault 77: a 64 kB name, 5,000 tags and text that reads backwards keep the order stable and come back as they are', async () => {
    const names = ['x'.repeat(65_536), '\u202eabc', 'ab\u0000c', '\u2028', 'z\u0337'.repeat(500), '👩‍👩‍👧', '\ud800'];
    const tags = tagsOf(Array.from({ length: 5000 }, (_, n) => [`key ${n}`, `${n}`]));
    const { engine, rows } = await started(names.map((name, n) => anyResource({ uid: `uid-${n}`, name, tags })));
    const order = uidsIn(engine, '', 'name');
    expect(order).toHaveLength(names.length);
    expect(uidsIn(engine, '', 'name')).toEqual(order);
    expect(uidsIn(engine, '', '-name')).toEqual(order.toReversed());
    for (const item of await rows.items(order)) expect(item.name).toBe(names[Number(item.uid.slice(4))]);
    expect(engine.page({ q: 'tag.key_4999:4999', sort: '-name', limit: 2, start: null }).next?.length).toBeLessThan(
      2000,
    );
  });

  it('fault 78: keys that mean something to JavaScript are facets, filters and groups like any other', async () => {
    const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'then'];
    const tags = tagsOf(keys.map((name) => [name, name]));
    const { engine, ask } = await started([anyResource({ uid: 'a', tags, name: '__proto__', type: 'constructor' })]);
    for (const name of keys) {
      const field = `tag.${name}`;
      const q = format({
        clauses: [
          {
            type: 'field',
            negated: false,
            field,
            op: ':',
            values: [name === '' ? { type: 'any' } : { type: 'pattern', parts: [name] }],
          },
        ],
        group: null,
        sort: { field, descending: true },
      });
      expect(uidsIn(engine, q, '')).toEqual(['a']);
      const { facets } = JSON.parse(JSON.stringify(engine.facets(q, [field])));
      expect(Object.entries(facets)).toEqual([[field, [{ value: name, count: 1 }]]]);
      expect(engine.groups('', field).groups.groups[0]).toMatchObject({ value: name, count: 1 });
    }
    const page = await ask(resourcesQuestion, { q: 'type:constructor', sort: '', limit: 1 });
    expect(await page).toBe(page);
    expect(Object.keys(page.items[0]?.tags ?? {})).toEqual(keys);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
