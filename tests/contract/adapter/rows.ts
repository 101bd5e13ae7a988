import { expect, it } from 'vitest';
import { CANARY } from '#lib/demo/index.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, read, rowsOf, verdict } from './rig.ts';
import { unless } from './skip.ts';

const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then'];
const VALUES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  ']]>&lt;&amp;amp;&#x26;<!-- -->',
  '{{7*7}} #{7*7}',
  'abc\u202egnp.exe \u2066x\u2069',
  'zero\u200bwidth \u2028line\u2029',
  '\u{1f469}\u200d\u{1f680} Z\u0351\u036b\u0343a\u0306\u0315l\u0310g\u0314o\u0352',
  ' leading and trailing ',
  "'; DROP TABLE resources;--",
];
const JSON_VALUES = ['nul\u0000inside', 'lone \ud800 surrogate', '\u0007bell\u001b[31mred'];

export function rowTests<C, Row>(c: AdapterCase<C, Row>): void {
  it('maps every native state and keeps it', async () => {
    const { fake, connection, subject } = await openRig(c);
    for (let first = 0; first < c.states.length; first += 5) {
      const some = c.states.slice(first, first + 5);
      fake.rewrite = (rows) => rows.map((row, i) => c.withState(row as Row, some[i % some.length]?.[0] ?? ''));
      const listing = await read(connection, subject);
      expect(verdict(listing)).toBe('complete');
      for (const [native, state] of some)
        expect(rowsOf(listing)).toContainEqual(
          expect.objectContaining({ state, nativeState: expect.stringContaining(native) }),
        );
    }
  });

  unless(c, 'unknown-state', 'fault 26: keeps a row whose state nobody has heard of, as unknown', async () => {
    const { fake, connection, subject } = await openRig(c);
    fake.rewrite = (rows) => rows.map((row) => c.withState(row as Row, 'BrandNewState'));
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    expect(rowsOf(listing)).toContainEqual(
      expect.objectContaining({ state: 'unknown', nativeState: expect.stringContaining('BrandNewState') }),
    );
  });

  it('fault 26: keeps a row whose name has 4,096 characters', async () => {
    const { fake, connection, subject } = await openRig(c);
    const name = 'n'.repeat(4096);
    fake.rewrite = (rows) => rows.map((row) => c.withTag(c.withName(row as Row, name), 'long', name));
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    if (!c.skip?.tags) expect(rowsOf(listing)[0]?.tags.long).toBe(name);
    else expect(rowsOf(listing)[0]?.name).toBe(name);
  });

  it('counts a row that it cannot understand, keeps the others and calls the listing incomplete', async () => {
    const { fake, connection, subject } = await openRig(c);
    const whole = await read(connection, subject);
    fake.rewrite = (rows) => rows.map((row, i) => (i === 1 ? c.broken(row as Row) : row));
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('unreadable');
    expect(listing.resources.size).toBeGreaterThan(0);
    expect(listing.resources.size).toBeLessThan(whole.resources.size);
  });

  unless(c, 'tags', 'fault 76: carries hostile tag values as they are', async () => {
    const { fake, connection, subject } = await openRig(c);
    const values = c.wire === 'xml' ? VALUES : [...VALUES, ...JSON_VALUES];
    fake.rewrite = (rows) =>
      rows.map((row) => values.reduce((r, value, i) => c.withTag(r, `hostile-${i}`, value), row as Row));
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    const [first] = rowsOf(listing);
    expect(values.map((_, i) => first?.tags[`hostile-${i}`])).toEqual(values);
  });

  unless(c, 'tags', 'fault 77: carries 5,000 tags and a value of 64 KB', async () => {
    const { fake, connection, subject } = await openRig(c);
    const long = 'x'.repeat(65_536);
    fake.rewrite = (rows) =>
      rows.slice(0, 1).map((row) => {
        let full = c.withTag(row as Row, 'long', long);
        for (let i = 0; i < 5000; i++) full = c.withTag(full, `t${i}`, `${i}`);
        return full;
      });
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    const [first] = rowsOf(listing);
    expect(first?.tags.long).toBe(long);
    expect(Object.keys(first?.tags ?? {}).length).toBeGreaterThanOrEqual(5001);
  });

  unless(c, 'tags', 'fault 78: takes keys of Object.prototype for tags and leaves it alone', async () => {
    const { fake, connection, subject } = await openRig(c);
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    fake.rewrite = (rows) => rows.map((row) => KEYS.reduce((r, key) => c.withTag(r, key, `own ${key}`), row as Row));
    const listing = await read(connection, subject);
    expect(verdict(listing)).toBe('complete');
    for (const row of rowsOf(listing))
      for (const key of KEYS) expect(Object.getOwnPropertyDescriptor(row.tags, key)?.value).toBe(`own ${key}`);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
  });

  unless(
    c,
    'canary',
    'fault 81: lets no secret of user data, metadata or environment into a row or a log',
    async () => {
      const { fake, connection, scopes, logs } = await openRig(c);
      for (const scope of scopes) expect(JSON.stringify(rowsOf(await read(connection, scope)))).not.toContain(CANARY);
      expect(fake.sentCanary).toBe(true);
      expect(logs.join('\n')).not.toContain(CANARY);
    },
  );
}
