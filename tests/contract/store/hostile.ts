import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tagsOf } from '#lib/model/index.ts';
import { type Bench, complete, rowIn, scopeOf } from './fixture.ts';

/** Any sequence of UTF-16 units: lone surrogates, NUL and control characters among them. */
const anyText = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 1, 0x27, 0x2028, 0x202e, 0xd800, 0xdc00, 0xfeff)),
  )
  .map((units) => String.fromCharCode(...units));

const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'then', 'prototype'];

export function hostileTests(bench: () => Bench): void {
  it('fault 77: every string comes back as it went in, wherever it stands', async () => {
    let run = 0;
    const one = async (text: string) => {
      const scope = scopeOf(`region ${run++} ${text}`);
      await bench().register(scope);
      const row = rowIn(scope, text, {
        uid: `${run}${text}`,
        objectId: `o${text}`,
        nativeId: `n${text}`,
        aliases: [text],
        tags: tagsOf([[`k${text}`, text]]),
        raw: { [`r${text}`]: [text] },
      });
      await bench().commit(complete(scope, [row]), 1);
      const { raw, ...rest } = row;
      const found = await bench().store.read.resource(row.uid);
      expect(found?.row.resource).toEqual(rest);
      expect(found?.raw).toEqual(raw);
      const label = `l${text}`;
      await bench().store.write.registerScopes('prod', [{ ...scope, label }], { interval: 1, at: 0 });
      const reason = { kind: 'internal', message: text } as const;
      await bench().store.write.mark(scope.id, 'partial', reason, 0);
      expect(await bench().scope(scope)).toMatchObject({ ...scope, label, reason });
      const changed = { ...row, name: `${text}!`, tags: tagsOf([[`k${text}`, `${text}?`]]) };
      await bench().commit(complete(scope, [changed]), 2);
      const changes = await bench().store.read.changes({ uid: row.uid, limit: 5 });
      expect(changes.map(({ field, from, to }) => ({ field, from, to }))).toEqual([
        { field: `tag.k${text}`, from: text, to: `${text}?` },
        { field: 'name', from: text, to: `${text}!` },
      ]);
    };
    await fc.assert(fc.asyncProperty(anyText, one), { numRuns: 60, seed: 77 });
    for (const text of [
      '\0',
      'a\0b',
      '\ud800',
      '\udc00',
      '\u0001"x"',
      '\u2028',
      "'; drop table resources; --",
      '\ufeff',
    ]) {
      await one(text);
    }
    await one('Z\u0351\u036b'.repeat(2_000));
    await one('x'.repeat(65_536));
  });

  it('fault 77: strings that differ only in what UTF-8 cannot carry stay two resources', async () => {
    const scope = scopeOf('eu-west-1');
    await bench().register(scope);
    const names = ['\ud800', '\ud801', '\ufffd', 'a', 'a\0', 'a\0b', '\u0001"a"'];
    await bench().commit(
      complete(
        scope,
        names.map((name) => rowIn(scope, name)),
      ),
      1,
    );
    expect(await bench().names()).toEqual(names.toSorted());
    await bench().commit(
      complete(
        scope,
        names.slice(1).map((name) => rowIn(scope, name)),
      ),
      2,
    );
    expect(await bench().names()).toEqual(names.slice(1).toSorted());
  });

  it('fault 77: 5,000 tags on one resource come back', async () => {
    const scope = scopeOf('eu-west-1');
    await bench().register(scope);
    const tags = tagsOf(Array.from({ length: 5_000 }, (_, i) => [`key-${i}`, `value ${i}`] as const));
    await bench().commit(complete(scope, [rowIn(scope, 'a', { tags })]), 1);
    expect((await bench().row('a')).resource.tags).toEqual(tags);
  });

  it('fault 78: keys that objects inherit are tags and detail like any other', async () => {
    const scope = scopeOf('eu-west-1');
    await bench().register(scope);
    const tags = tagsOf(KEYS.map((key) => [key, `value of ${key}`] as const));
    const raw = JSON.parse(`{${KEYS.map((key) => `${JSON.stringify(key)}: {"polluted": true}`).join(', ')}}`);
    await bench().commit(complete(scope, [rowIn(scope, 'a', { tags, raw })]), 1);
    const found = await bench().store.read.resource('vm:a');
    expect(Object.entries(found?.row.resource.tags ?? {})).toEqual(Object.entries(tags));
    expect(Object.getPrototypeOf(found?.row.resource.tags)).toBeNull();
    expect(JSON.stringify(found?.raw)).toBe(JSON.stringify(raw));
    await bench().commit(complete(scope, [rowIn(scope, 'a', { raw })]), 2);
    expect(await bench().changes()).toEqual(KEYS.map((key) => `changed a tag.${key}: value of ${key} -> null`));
    expect('polluted' in {}).toBe(false);
  });
}
