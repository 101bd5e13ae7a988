import fc from 'fast-check';
import { FIELDS } from '#lib/language/fields.ts';
import type { Clause, Query, Sort, Value } from '#lib/language/grammar/ast.ts';
import { LIMITS } from '#lib/language/grammar/ast.ts';
import { format } from '#lib/language/grammar/format.ts';
import type { Resource } from '#lib/model/index.ts';
import { tagsOf } from '#lib/model/index.ts';
import { anyResource } from './resource.ts';

/* Fleets and questions that meet each other: few values, many of them hostile, in every field. */

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
  '185.1.2.3',
  '2600:1f18::2',
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
      ready: maybe(fc.boolean()),
      readyReason: maybe(word),
      lastEnd: maybe(fc.record({ reason: word, exitCode: maybe(fc.nat(255)) })),
      pod: maybe(word),
      namespace: maybe(word),
      workload: maybe(fc.record({ kind: fc.constantFrom('Deployment', 'Job'), name: word })),
      restarts: maybe(fc.nat(3)),
      type: maybe(word),
      vcpus: maybe(fc.constantFrom(0, 0.5, 2, 4, 96)),
      memory: maybe(fc.constantFrom(0, 512, 16384)),
      requests: amount,
      allocatable: amount,
      physical: amount,
      managed: maybe(fc.constantFrom('fargate' as const, 'autopilot' as const)),
      cluster: maybe(fc.constantFrom('prod', 'Prod', 'dev')),
      region: maybe(fc.constantFrom('us-east-1', 'us-west-2', 'eu-west-1', 'EU-west-1')),
      addresses: maybe(fc.array(address, { maxLength: 2 })),
      mappedAddresses: maybe(fc.array(address, { maxLength: 1 })),
      createdAt: maybe(
        fc.constantFrom('2026-11-21T08:00:00.000Z', '2026-11-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'),
      ),
      tags: fc.array(fc.tuple(key, word), { maxLength: 4 }).map(tagsOf),
      hostedBy: fc.array(identity, { maxLength: 2 }),
    })
    .map((fields) => anyResource(fields));

export const fleet = fc.uniqueArray(resource(fc.integer({ min: 0, max: 60 }).map((n) => `uid-${n}`)), {
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
/** What rows do have, as it is, as its beginning or as a part of it. */
const met = fc
  .tuple(fc.constantFrom('web', 'WEB', 'api', 'prod', 'a', '7', '__proto__'), fc.constantFrom(0, 1, 2))
  .map(([text, stars]) => [[text], [text, ''], ['', text, '']][stars] ?? [text]);
const metValue = met.map((parts): Value => ({ type: 'pattern', parts }));
const exactly = (...texts: string[]) =>
  fc.constantFrom(...texts).map((text): Value => ({ type: 'pattern', parts: [text] }));
/** What has a slash and is no network is a mistake, not a text. */
const addressText = textValue.filter((value) => value.type !== 'pattern' || !value.parts.join('').includes('/'));
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
  fc.record({ type: fc.constant('word' as const), negated: fc.boolean(), parts: met }),
  clauseOf(
    fc.constantFrom('name', 'id', 'type', 'reason', 'pod', 'namespace', 'workload', 'tag.team', 'tag.env'),
    metValue,
  ),
  clauseOf('region', exactly('us-east-1', 'eu-WEST-1', 'nowhere')),
  clauseOf('state', exactly('running', 'stopped', 'failed')),
  clauseOf('exposed', fc.oneof(exactly('yes', 'NO'), fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }))),
  clauseOf('provider', exactly('aws', 'GCP')),
  clauseOf('freshness', exactly('fresh', 'stale', 'denied', 'pending')),
  clauseOf('uid', exactly('uid-1', 'UID-2', 'uid-3')),
  clauseOf('on', fc.oneof(exactly('n1', 'c1/N1', 'i-1', 'i-2'), fc.constant<Value>({ type: 'unset' }))),
  clauseOf(
    'runs',
    fc.oneof(metValue, exactly('uid-7', '10.0.0.1'), fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' })),
  ),
  clauseOf('on', fc.oneof(metValue, exactly('uid-7', '10.0.0.1'), fc.constant<Value>({ type: 'any' }))),
  clauseOf('machine', exactly('uid-1', 'uid-7', 'uid-30')),
  clauseOf('node', fc.oneof(metValue, fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }))),
  clauseOf('ip', fc.oneof(exactly('10.0.0.1', '10.0.0.0/16', '2001:db8::/32', '::/0', 'no address'), addressText)),
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
  compared('members', ['1', '2']),
  compared('guests', ['0', '2']),
  compared('physical.cpu', ['1']),
  compared('requests.cpu', ['250m']),
);
const sort: fc.Arbitrary<Sort> = fc.record({
  field: fc.oneof(
    fc.constantFrom(...FIELDS.filter((field) => field.sortable).map((field) => field.key)),
    key.map((name) => `tag.${name}`),
  ),
  descending: fc.boolean(),
});
export const question: fc.Arbitrary<Query> = fc
  .record({ clauses: fc.array(clause, { maxLength: 3 }), group: fc.constant(null), sort })
  .filter((query) => format(query).length <= LIMITS.length);
