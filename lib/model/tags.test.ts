import { describe, expect, it } from 'vitest';
import { normalTagKey, tagsOf, tagsSchema } from './tags.ts';

const AWKWARD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'then'];

describe('tags', () => {
  it('fault 78: keeps keys that mean something to JavaScript as data', async () => {
    const tags = tagsOf(AWKWARD.map((key) => [key, `value of ${key}`]));
    expect(Object.keys(tags)).toEqual(AWKWARD);
    expect(tagsSchema.parse(JSON.parse(JSON.stringify(tags)))).toEqual(JSON.parse(JSON.stringify(tags)));
    expect(await tags).toBe(tags);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each(['Cost-Center', 'cost_center', 'COST CENTER', 'costcenter', 'cost - center'])('reads %s as one key', (key) =>
    expect(normalTagKey(key)).toBe('costcenter'),
  );

  it.each([null, 'text', [], { a: 1 }])('refuses %j as tags', (value) => {
    expect(tagsSchema.safeParse(value).success).toBe(false);
  });
});
