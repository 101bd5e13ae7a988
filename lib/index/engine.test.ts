import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource, ScopeStatus } from '#lib/model/index.ts';
import { tagsOf } from '#lib/model/index.ts';
import type { Facets, Item } from '#lib/query/api.ts';
import { FIELDS } from '#lib/query/fields.ts';
import type { Clause, Query, Sort, Value } from '#lib/query/grammar/ast.ts';
import { LIMITS } from '#lib/query/grammar/ast.ts';
import { format } from '#lib/query/grammar/format.ts';
import { fold } from '#lib/query/grammar/pattern.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { oracleFacet, oracleFilter, oracleSort } from '#tests/support/oracle.ts';
import { anyResource } from '#tests/support/resource.ts';
import { Answers } from './answers.ts';
import { Engine } from './engine.ts';
import { Follower } from './follower.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then', '\u202egnp', 'a\u0000b'];
const word = fc.oneof(
  fc.constantFrom(
    'web',
    'Web',
    'api',
    'db',
    'prod',
    'Prod',
    'a',
    'ab',
    'web-1',
    'web-10',
    'web-2',
    'straße',
    'İ',
    '😀',
  ),
  fc.constantFrom(...HOSTILE, '\ud800', '', '007', '7', '\u2028', 'é', 'z̷̢̛', '9'.repeat(30)),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const key = fc.constantFrom('team', 'Team', 'TE-AM', 'env', 'cost center', '', ...HOSTILE);
const address = fc.constantFrom(
  '10.0.0.1',
  '10.0.1.2',
  '10.1.0.1',
  '192.168.1.1',
  '2001:db8::1',
  'fe80::2',
  'no address',
);
const opaque = fc.constantFrom('containerd://', '').map((scheme) => `${scheme}${'0123456789abcdef'.repeat(4)}`);
const amount = maybe(fc.record({ cpu: maybe(fc.constantFrom(0, 0.25, 1)), memory: maybe(fc.constantFrom(128, 512)) }));
const identity = fc.record({
  type: fc.constantFrom('node' as const, 'instance-id' as const),
  value: fc.constantFrom('c1/n1', 'c1/n2', 'c2/n1', 'i-1', 'i-2'),
});

const resource = (uid: fc.Arbitrary<string>): fc.Arbitrary<Resource> =>
  fc
    .record({
      uid,
      provider: fc.constantFrom('aws', 'gcp', 'kubernetes'),
      scope: fc.constantFrom('s/a/r1/x', 's/a/r2/x', 's/b/*/y', 'S/a/r1/x'),
      kind: fc.constantFrom('vm' as const, 'container' as const, 'host' as const),
      name: word,
      nativeId: word.map((text) => text || 'id'),
      aliases: fc.array(fc.oneof(word, opaque), { maxLength: 2 }),
      identities: fc.array(identity, { maxLength: 2 }),
      state: fc.constantFrom('running' as const, 'stopped' as const, 'terminated' as const),
      stateReason: maybe(word),
      restarts: maybe(fc.nat(3)),
      type: maybe(word),
      vcpus: maybe(fc.constantFrom(0, 0.5, 2, 4, 96)),
      memory: maybe(fc.constantFrom(0, 512, 16384)),
      requests: amount,
      allocatable: amount,
      region: maybe(fc.constantFrom('us-east-1', 'us-west-2', 'eu-west-1', 'EU-west-1')),
      privateAddresses: fc.array(address, { maxLength: 2 }),
      publicAddresses: fc.array(address, { maxLength: 1 }),
      createdAt: maybe(
        fc.constantFrom('2026-11-21T08:00:00.000Z', '2026-11-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'),
      ),
      tags: fc.array(fc.tuple(key, word), { maxLength: 4 }).map(tagsOf),
      hostedBy: fc.array(identity, { maxLength: 2 }),
    })
    .map((fields) => anyResource(fields));

const fleet = fc.uniqueArray(resource(fc.integer({ min: 0, max: 60 }).map((n) => `uid-${n}`)), {
  selector: ({ uid }) => uid,
  maxLength: 40,
});

const part = fc.oneof(
  word.filter((text) => text !== ''),
  fc.constantFrom('0123', 'er', '//', 'a'),
);
const pattern = fc.oneof(
  part.map((text) => [text]),
  fc.tuple(word, part, word),
  fc.tuple(word, word).filter(([a, b]) => a + b !== ''),
);
const textValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: pattern.map((parts): Value => ({ type: 'pattern', parts })) },
  { weight: 1, arbitrary: fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }) },
);
const exactly = (...texts: string[]) =>
  fc.constantFrom(...texts).map((text): Value => ({ type: 'pattern', parts: [text] }));
const clauseOf = (field: string | fc.Arbitrary<string>, value: fc.Arbitrary<Value>): fc.Arbitrary<Clause> =>
  fc.record({
    type: fc.constant('field' as const),
    negated: fc.boolean(),
    field: typeof field === 'string' ? fc.constant(field) : field,
    op: fc.constant(':' as const),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
const compared = (field: string, literals: string[]): fc.Arbitrary<Clause> =>
  fc.record({
    type: fc.constant('field' as const),
    negated: fc.boolean(),
    field: fc.constant(field),
    op: fc.constantFrom(':' as const, '>' as const, '>=' as const, '<' as const, '<=' as const),
    values: fc.constantFrom(...literals).map((text): Value[] => [{ type: 'literal', text }]),
  });
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({ type: fc.constant('word' as const), negated: fc.boolean(), parts: pattern }),
  clauseOf(
    key.map((name) => `tag.${name}`),
    textValue,
  ),
  clauseOf(fc.constantFrom('name', 'id', 'type', 'reason', 'region', 'zone', 'namespace'), textValue),
  clauseOf('region', exactly('us-east-1', 'eu-WEST-1', 'nowhere')),
  clauseOf('state', exactly('running', 'stopped', 'failed')),
  clauseOf('provider', exactly('aws', 'GCP')),
  clauseOf('freshness', exactly('fresh', 'stale', 'denied', 'pending')),
  clauseOf('uid', exactly('uid-1', 'UID-2', 'uid-3')),
  clauseOf('on', fc.oneof(exactly('n1', 'c1/N1', 'i-1', 'i-2'), fc.constant<Value>({ type: 'unset' }))),
  clauseOf('ip', fc.oneof(exactly('10.0.0.1', '10.0.0.0/16', '2001:db8::/32', '::/0', 'no address'), textValue)),
  clauseOf(
    'ip',
    fc.constantFrom('10.0.', '10.', '10.0.1').map((text): Value => ({ type: 'pattern', parts: [text, ''] })),
  ),
  clauseOf(
    'memory',
    fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }, { type: 'range', from: '512', to: '1Gi' }),
  ),
  compared('vcpus', ['0', '0.5', '4', '500m']),
  compared('memory', ['512Mi', '16Gi']),
  compared('age', ['1h', '20d', '1y']),
  compared('created', ['2026-11', '2025-01-01', '2026-11-21T08:00Z']),
  compared('cpu', ['20']),
  compared('requests.cpu', ['250m']),
);
const sort: fc.Arbitrary<Sort> = fc.record({
  field: fc.oneof(
    fc.constantFrom(...FIELDS.filter((field) => field.sortable).map((field) => field.key)),
    key.map((name) => `tag.${name}`),
  ),
  descending: fc.boolean(),
});
const question: fc.Arbitrary<Query> = fc
  .record({ clauses: fc.array(clause, { maxLength: 3 }), group: fc.constant(null), sort })
  .filter((query) => format(query).length <= LIMITS.length);

const status = (id: string, fields: Partial<ScopeStatus>): ScopeStatus => ({
  id,
  provider: 'aws',
  source: 's',
  account: 'a',
  region: null,
  part: 'x',
  kind: 'vm',
  label: id,
  state: 'fresh',
  reason: null,
  since: null,
  lastAttempt: null,
  lastSuccess: new Date(NOW).toISOString(),
  generation: 1,
  count: 0,
  unreadable: 0,
  held: 0,
  watched: false,
  interval: 60_000,
  ...fields,
});
const STATUSES = [
  status('s/a/r1/x', {}),
  status('s/a/r2/x', { lastSuccess: '2026-11-20T00:00:00.000Z' }),
  status('s/b/*/y', { state: 'denied', lastSuccess: null }),
];

async function started(resources: readonly Resource[]) {
  const store = new MemoryStore();
  store.statuses = STATUSES;
  store.commit(resources);
  const clock = testClock(NOW);
  const engine = new Engine(clock);
  const follower = new Follower(engine, store, clock);
  await follower.build(() => {});
  const answers = new Answers({ engine, store, follower, clock });
  /** What the oracle works on. */
  const items = async (): Promise<Item[]> => answers.items(store.live().map(({ resource: { uid } }) => uid));
  return { store, engine, follower, answers, items, clock };
}

const uidsOf = (items: readonly Item[]) => items.map(({ uid }) => uid);

describe('the index agrees with plain arrays', () => {
  it('on which rows answer a question and in which order', () =>
    fc.assert(
      fc.asyncProperty(fleet, fc.array(question, { minLength: 1, maxLength: 5 }), async (resources, questions) => {
        const { engine, items } = await started(resources);
        const all = await items();
        for (const query of questions) {
          const expected = oracleSort(oracleFilter(all, query.clauses, NOW), query.sort ?? sortByName, NOW);
          expect(engine.uids(format(query), '')).toEqual(uidsOf(expected));
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
          engine.uids(format(query), '');
          await follower.poll();
          if (removals.length % 2 === 1) engine.compact();
          const expected = oracleSort(oracleFilter(await items(), query.clauses, NOW), query.sort ?? sortByName, NOW);
          expect(engine.uids(format(query), '')).toEqual(uidsOf(expected));
          const facets = engine.facets(format(query), ['region', 'tag.team']);
          engine.compact();
          expect(engine.uids(format(query), '')).toEqual(uidsOf(expected));
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
        const rows = oracleFilter(await items(), query.clauses, NOW);
        const { groups, sum, total } = engine.groups(format(query), 'provider');
        expect(total).toBe(rows.length);
        const known = (values: (number | null | undefined)[]) => values.filter((value) => typeof value === 'number');
        const added = (values: (number | null | undefined)[]) =>
          known(values).length === 0 ? null : known(values).reduce((a, b) => a + b, 0);
        const figures = (of: Item[]) => {
          const vms = of.filter(({ kind, state }) => kind === 'vm' && state !== 'terminated');
          const containers = of.filter(({ kind, state }) => kind === 'container' && state === 'running');
          return {
            count: of.length,
            vms: of.filter(({ kind }) => kind === 'vm').length,
            running: of.filter(({ state }) => state === 'running').length,
            vcpus: added(vms.map(({ vcpus }) => vcpus)),
            memory: added(vms.map(({ memory }) => memory)),
            requestedCpu: added(containers.map(({ requests }) => requests?.cpu)),
            allocatableMemory: added(of.filter(({ kind }) => kind === 'host').map((host) => host.allocatable?.memory)),
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

describe('cursors', () => {
  it('visit every row that stays as it is exactly once, whatever else changes between the pages', () =>
    fc.assert(
      fc.asyncProperty(
        fleet,
        fleet,
        question,
        fc.integer({ min: 1, max: 7 }),
        async (resources, later, query, limit) => {
          const { store, engine, follower, items } = await started(resources);
          const q = format(query);
          const answered = async () => uidsOf(oracleFilter(await items(), query.clauses, NOW));
          const before = await answered();
          const seen: string[] = [];
          const changed = new Set<string>();
          let cursor: string | null = null;
          for (let pages = 0; pages < 200; pages++) {
            const page = engine.page({ q, sort: '', limit, start: cursor === null ? null : { cursor } });
            seen.push(...page.uids);
            cursor = page.next;
            if (cursor === null) break;
            const put = later[pages];
            if (put) changed.add(put.uid);
            if (put) store.commit([put], pages % 2 === 0 ? [] : [put.uid]);
            await follower.poll();
          }
          expect(cursor).toBeNull();
          const unchanged = before.filter((uid) => !changed.has(uid));
          // A host that changes may change what rows on it answer; only rows that answer at the end as well count.
          const after = new Set(await answered());
          for (const uid of unchanged) {
            if (after.has(uid)) expect(seen.filter((other) => other === uid)).toHaveLength(1);
          }
        },
      ),
      { numRuns: 300 },
    ));

  it('agree with offsets while nothing changes', () =>
    fc.assert(
      fc.asyncProperty(fleet, question, async (resources, query) => {
        const { engine } = await started(resources);
        const q = format(query);
        let cursor: string | null = null;
        for (let offset = 0; ; offset += 3) {
          const byCursor = engine.page({ q, sort: '', limit: 3, start: cursor === null ? null : { cursor } });
          expect(byCursor).toEqual(engine.page({ q, sort: '', limit: 3, start: { offset } }));
          cursor = byCursor.next;
          if (cursor === null) break;
        }
      }),
    ));

  it('are refused where they do not belong', async () => {
    const { engine } = await started([1, 2, 3].map((n) => anyResource({ uid: `uid-${n}`, name: `n${n}` })));
    const page = (q: string, sort: string, cursor: string) => () =>
      engine.page({ q, sort, limit: 1, start: { cursor } });
    const { next } = engine.page({ q: 'n', sort: 'name', limit: 1, start: null });
    expect(page('n', 'name', next ?? '')().uids).toEqual(['uid-2']);
    const refusal = expect.objectContaining({ problem: expect.objectContaining({ code: 'bad-cursor' }) });
    expect(page('n state:running', 'name', next ?? '')).toThrow(refusal);
    expect(page('n', '-name', next ?? '')).toThrow(refusal);
    for (const cursor of [
      '',
      'x',
      '{}',
      `${next}x`.slice(4),
      Buffer.from('[1,"a",null,"",""]').toString('base64url'),
    ]) {
      expect(page('n', 'name', cursor)).toThrow(refusal);
    }
    expect(page('n', 'name', 'A'.repeat(100_000))).toThrow(refusal);
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
    engine.put(store.live());
    expect(() => engine.page({ q: 'a state:running', sort: '', limit: 1, start: null })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'timeout' }) }),
    );
  });
});

describe('hostile content', () => {
  it('fault 77: a 64 kB name, 5,000 tags and text that reads backwards keep the order stable and come back as they are', async () => {
    const names = ['x'.repeat(65_536), '\u202eabc', 'ab\u0000c', '\u2028', 'z\u0337'.repeat(500), '👩‍👩‍👧', '\ud800'];
    const tags = tagsOf(Array.from({ length: 5000 }, (_, n) => [`key ${n}`, `${n}`]));
    const { engine, answers } = await started(names.map((name, n) => anyResource({ uid: `uid-${n}`, name, tags })));
    const order = engine.uids('', 'name');
    expect(order).toHaveLength(names.length);
    expect(engine.uids('', 'name')).toEqual(order);
    expect(engine.uids('', '-name')).toEqual(order.toReversed());
    for (const item of await answers.items(order)) expect(item.name).toBe(names[Number(item.uid.slice(4))]);
    expect(engine.page({ q: 'tag.key_4999:4999', sort: '-name', limit: 2, start: null }).next?.length).toBeLessThan(
      2000,
    );
  });

  it('fault 78: keys that mean something to JavaScript are facets, filters and groups like any other', async () => {
    const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'then'];
    const tags = tagsOf(keys.map((name) => [name, name]));
    const { engine, answers } = await started([
      anyResource({ uid: 'a', tags, name: '__proto__', type: 'constructor' }),
    ]);
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
      expect(engine.uids(q, '')).toEqual(['a']);
      const { facets } = JSON.parse(JSON.stringify(engine.facets(q, [field])));
      expect(Object.entries(facets)).toEqual([[field, [{ value: name, count: 1 }]]]);
      expect(engine.groups('', field).groups[0]).toMatchObject({ value: name, count: 1 });
    }
    const page = await answers.page({ q: 'type:constructor', sort: '', limit: 1, start: null });
    expect(await page).toBe(page);
    expect(Object.keys(page.items[0]?.tags ?? {})).toEqual(keys);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
