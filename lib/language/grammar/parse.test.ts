import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clause, Query, Value } from './ast.ts';
import { GrammarError, LIMITS } from './ast.ts';
import { format } from './format.ts';
import { boundsOf } from './literal.ts';
import { parse, parseSort } from './parse.ts';
import { tokens } from './tokens.ts';

const only = (q: string): Clause => {
  const [clause, more] = parse(q).clauses;
  if (!clause || more) throw new Error(`${q} is not one clause`);
  return clause;
};

function diagnostic(q: string): GrammarError {
  try {
    parse(q);
  } catch (error) {
    if (error instanceof GrammarError) return error;
  }
  throw new Error(`${q} was understood`);
}

const text = (...parts: string[]): Value => ({ type: 'pattern', parts });

describe('parse', () => {
  it('reads the example of the documentation', () => {
    const q =
      'provider:aws,gcp kind:vm state:running region:us-* tag.env:prod cpu<20 memory>=50 vcpus>16 age>30d -state:stopped on:i-0abc "payments api" sort:-cpu group:team';
    const query = parse(q);
    expect(query.clauses.map((clause) => (clause.type === 'word' ? 'word' : clause.field))).toEqual([
      'provider',
      'kind',
      'state',
      'region',
      'tag.env',
      'cpu',
      'memory',
      'vcpus',
      'age',
      'state',
      'on',
      'word',
    ]);
    expect(query.sort).toEqual({ field: 'cpu', descending: true });
    expect(query.group).toBe('tag.team');
    expect(parse(format(query))).toEqual(query);
  });

  it.each<[string, readonly Value[]]>([
    ['provider:aws,gcp', [text('aws'), text('gcp')]],
    ['region:us-*', [text('us-', '')]],
    ['region:us-**', [text('us-', '')]],
    ['name:"a \\"b\\" \\\\ *"', [text('a "b" \\ *')]],
    ['name:"payments api"*', [text('payments api', '')]],
    ['zone:""', [{ type: 'unset' }]],
    ['zone:"",a', [{ type: 'unset' }, text('a')]],
    ['zone:*', [{ type: 'any' }]],
    ['STATE:Running', [text('running')]],
    ['image:nginx:1.27', [text('nginx:1.27')]],
    ['memory:16Gi', [{ type: 'literal', text: '16Gi' }]],
    ['memory:1Gi..4Gi', [{ type: 'range', from: '1Gi', to: '4Gi' }]],
    ['age:..7d', [{ type: 'range', from: null, to: '7d' }]],
    ['vcpus:""', [{ type: 'unset' }]],
    ['created:2026-11-21T09:30Z', [{ type: 'literal', text: '2026-11-21T09:30Z' }]],
    ['tag."aws:autoscaling:groupName":web', [text('web')]],
  ])('reads the values of %s', (q, values) => expect(only(q)).toMatchObject({ values }));

  it.each(['arn:aws:ec2:eu-west-1:1:instance/i-0abc', 'fe80::1', '::1', '2001:db8::/32', '0a:1b:2c:3d:4e:5f'])(
    'reads a pasted %s as text',
    (q) => expect(only(q)).toEqual({ type: 'word', negated: false, parts: [q] }),
  );

  it.each([
    ['provder:aws', 0, 7, /a field, perhaps provider/],
    ['team:payments', 0, 4, /a field, perhaps tag\.team/],
    ['kind:vm  -colour:red', 10, 6, /a field/],
    ['state:runing', 6, 6, /perhaps running/],
    ['kind:vm,', 0, 8, /a value/],
    ['state:', 0, 6, /a value/],
    ['state>running', 5, 1, /colon/],
    ['vcpus>4,8', 7, 2, /one value/],
    ['vcpus:four', 6, 4, /a number/],
    ['vcpus:1e999', 6, 5, /a number/],
    [`vcpus:${'9'.repeat(400)}`, 6, 400, /a number/],
    ['memory>=16Q', 8, 3, /a size/],
    ['age>30', 4, 2, /a duration/],
    ['created:2026-02-31', 8, 10, /a date/],
    ['vcpus:..', 6, 2, /a number/],
    ['age:7d..1d', 4, 6, /a duration/],
    ['created:2026..2025-12', 8, 13, /a date/],
    ['ip:10.0.0.0/33', 3, 11, /an address/],
    ['name:"open', 5, 5, /closing "/],
    ['-', 0, 1, /behind the -/],
    ['""', 0, 2, /a word/],
    ['sort:-ip', 5, 3, /a field to sort by/],
    ['sort:name sort:zone', 10, 9, /once/],
    ['-sort:name', 0, 10, /without a -/],
    ['group:name', 6, 4, /a field to group by/],
    ['group:zone group:zone', 11, 10, /once/],
  ])('says where %s is wrong and what was expected', (q, position, length, expected) => {
    expect(diagnostic(q)).toMatchObject({ position, length, expected: expect.stringMatching(expected) });
  });
});

describe('fault 80: the query language has limits and no other way to fail', () => {
  it('refuses what is too long, with the place', () => {
    expect(diagnostic('x'.repeat(1_000_000))).toMatchObject({ position: LIMITS.length });
    expect(diagnostic('a '.repeat(65))).toMatchObject({ position: 128, expected: 'at most 64 clauses' });
    expect(diagnostic('kind:vm '.repeat(500))).toMatchObject({ expected: 'at most 64 clauses' });
    expect(diagnostic(`region:${'a,'.repeat(256)}a`)).toMatchObject({ expected: 'at most 256 values in all' });
  });

  it.each([
    "name:' OR 1=1 --",
    'name:%_\\',
    '"*:* AND (a OR b)"',
    '(((((a)))))',
    '$where {"$gt":""}',
    `name:${'a*'.repeat(2000)}b`,
    '(a+)+$',
  ])('takes %s as plain text', (q) => expect(format(parse(format(parse(q))))).toBe(format(parse(q))));

  it('throws nothing but its own error, with a place inside the text', () => {
    const pieces = fc.constantFrom(
      ...'provider:aws|vcpus>|tag.|tag."|"|\\|*|,|-|:|..|age>30d|sort:|group:| |\u2028|\ud800|\0|1e999|=|<='.split('|'),
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (q) => {
        tokens(q);
        try {
          parse(q);
        } catch (error) {
          if (!(error instanceof GrammarError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position + error.length).toBeLessThanOrEqual(q.length);
          expect(error.expected).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('a b', '"', '\\', '*', ',', '-', ':', '..', '__proto__', 'tag.', 'constructor', '\ud800', '\u2028'),
);
const filled = part.filter((value) => value !== '');
/** Text cut at its stars; only the ends may be empty. */
const parts = fc
  .tuple(part, fc.array(filled, { maxLength: 3 }), part)
  .map(([first, middle, last]) => [first, ...middle, last])
  .filter((list) => list.some((value) => value !== ''));
const pattern = fc.oneof(
  parts,
  filled.map((value) => [value]),
);
const negated = fc.boolean();
const textValue: fc.Arbitrary<Value> = fc.oneof(
  pattern.map((list): Value => ({ type: 'pattern', parts: list })),
  fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }),
);
const size = fc.tuple(fc.nat(9999), fc.constantFrom('', 'Mi', 'Gi', 'G')).map(([n, unit]) => `${n}${unit}`);
const sizeValue: fc.Arbitrary<Value> = fc.oneof(
  size.map((literal): Value => ({ type: 'literal', text: literal })),
  fc
    .tuple(size, fc.option(size))
    .map(([from, to]): Value => ({ type: 'range', from, to }))
    .filter((range) => boundsOf('size', ':', range) !== null),
  fc.constantFrom<Value>({ type: 'unset' }, { type: 'any' }),
);
const textField = fc.oneof(
  fc.constantFrom('name', 'region', 'image', 'on', 'ip'),
  filled.map((key) => `tag.${key}`),
);
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({ type: fc.constant('word' as const), negated, parts: pattern }),
  fc.record({
    type: fc.constant('field' as const),
    negated,
    field: textField,
    op: fc.constant(':' as const),
    values: fc.array(textValue, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('field' as const),
    negated,
    field: fc.constantFrom('memory', 'limits.memory'),
    op: fc.constant(':' as const),
    values: fc.array(sizeValue, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('field' as const),
    negated,
    field: fc.constant('memory'),
    op: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
    values: size.map((literal): Value[] => [{ type: 'literal', text: literal }]),
  }),
);
const sortable = fc.oneof(
  fc.constantFrom('name', 'cpu', 'age'),
  filled.map((key) => `tag.${key}`),
);
const query: fc.Arbitrary<Query> = fc.record({
  clauses: fc.array(clause, { maxLength: 8 }),
  group: fc.option(
    fc.oneof(
      fc.constantFrom('kind', 'zone'),
      filled.map((key) => `tag.${key}`),
    ),
  ),
  sort: fc.option(fc.record({ field: sortable, descending: fc.boolean() })),
});

describe('format', () => {
  it('writes what parse reads back as the same query', () => {
    fc.assert(
      fc.property(query, (value) => {
        const q = format(value);
        fc.pre(q.length <= LIMITS.length);
        expect(parse(q)).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives every token its place, so that the chips are the text', () => {
    fc.assert(
      fc.property(query, (value) => {
        const q = format(value);
        fc.pre(q.length <= LIMITS.length);
        const chips = tokens(q);
        expect(chips.map((chip) => chip.text).join(' ')).toBe(q);
        expect(chips.every((chip) => chip.diagnostic === null)).toBe(true);
      }),
    );
  });
});

describe('parseSort', () => {
  it.each([
    ['-memory', { field: 'memory', descending: true }],
    ['name', { field: 'name', descending: false }],
    ['tag.team', { field: 'tag.team', descending: false }],
    ['', null],
    ['ip', null],
    ['__proto__', null],
  ])('reads %j', (sort, expected) => expect(parseSort(sort)).toEqual(expected));
});
