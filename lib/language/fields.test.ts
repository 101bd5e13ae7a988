import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '#lib/model/index.ts';
import { anyItem } from '#tests/support/item.ts';
import { FIELDS, findField, tagField } from './fields.ts';

const item = anyItem;

/** Modules that run when the file is imported: imports that are not of types only, followed through our own files. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type\b)[^;]*?from '([^']+)'/gm,
  )) {
    if (target.startsWith('.')) loaded(path.resolve(path.dirname(file), target), seen);
    else if (target.startsWith('#lib/')) loaded(path.resolve(target.slice(1)), seen);
    else seen.add(target);
  }
  return seen;
}

describe('the table of fields', () => {
  it('has each key once', () => expect(new Set(FIELDS.map(({ key }) => key)).size).toBe(FIELDS.length));

  it.each(['lib/language/fields.ts', 'lib/language/grammar/index.ts'])('%s loads no package in the browser', (file) => {
    const modules = [...loaded(path.resolve(file))];
    expect(modules.length).toBeGreaterThan(1);
    expect(modules.filter((module) => !module.includes('/lib/'))).toEqual([]);
    expect([...loaded(path.resolve('lib/model/index.ts'))]).toContain('zod');
  });

  it('finds fields whatever their case, and every tag', () => {
    expect(findField('Provider')?.key).toBe('provider');
    expect(findField('TAG.Team')?.key).toBe('tag.Team');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'then'])(
    'fault 78: has no field %j, but a tag of that name',
    (key) => {
      expect(findField(key)).toBeNull();
      expect(tagField(key).get(item())).toBeNull();
      expect(tagField(key).get(item({ tags: tagsOf([[key, 'value']]) }))).toBe('value');
    },
  );

  it('reads a tag whatever the spelling of its key, the exact one first', () => {
    const tags = tagsOf([
      ['Cost-Center', 'a'],
      ['cost_center', 'b'],
    ]);
    expect(findField('tag.cost_center')?.get(item({ tags }))).toBe('b');
    expect(findField('tag.COST CENTER')?.get(item({ tags }))).toBe('a');
  });

  it('says that use is not measured', () => {
    expect(findField('cpu')?.get(item())).toBeNull();
    expect(findField('mem')?.get(item())).toBeNull();
  });
});
