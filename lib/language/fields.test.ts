import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourceSchema, tagsOf } from '#lib/model/index.ts';
import { anyItem } from '#tests/support/item.ts';
import { anyResource } from '#tests/support/resource.ts';
import { keyword, number } from './entry.ts';
import { CHANGES, COMPARED, FACTS, FIELDS, findField, labelOf, tagField } from './fields.ts';

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

describe('a plain entry', () => {
  const isolation = keyword({ key: 'apart', label: 'Kept apart', help: '', of: 'isolation', fact: 'text' });

  it('reads the value that it names, in cells, changes and details', () => {
    const row = anyResource({ isolation: 'gvisor' });
    expect(isolation.get(row)).toBe('gvisor');
    expect(isolation.change?.name).toBe('isolation');
    expect(isolation.change?.text(row)).toBe('gvisor');
    expect(isolation.fact).toMatchObject({ label: 'Kept apart', show: 'text' });
    expect(isolation.fact?.text(anyItem({ isolation: 'gvisor' }))).toBe('gvisor');
    expect(isolation).toMatchObject({ index: 'codes', facet: true, sortable: true, column: { cell: 'text' } });
  });

  it('tells no change of a value that is read from elsewhere, or where it is told not to', () => {
    expect(number({ key: 'n', label: 'N', help: '', get: () => 1 }).change).toBeNull();
    expect(number({ key: 'n', label: 'N', help: '', of: 'vcpus', change: false }).change).toBeNull();
  });
});

describe('what is told of rows', () => {
  it('tells changes of every value of the model but of what a row is known by', () => {
    const known = [
      'uid',
      'provider',
      'source',
      'scope',
      'kind',
      'nativeId',
      'objectId',
      'aliases',
      'identities',
      'raw',
    ];
    // Tags are told key by key, an address follows from the id.
    const names = Object.keys(resourceSchema.shape).filter((name) => ![...known, 'tags', 'consoleUrl'].includes(name));
    expect(CHANGES.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(CHANGES.map(({ name }) => name).slice(0, 3)).toEqual(['state', 'nativeState', 'stateReason']);
  });

  it('tells each line of the details and each value of a comparison once, in the order that people are used to', () => {
    const labels = FACTS.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect([labels[0], labels.at(-1)]).toEqual(['Workload', 'Memory used']);
    expect(COMPARED.map(({ label }) => label)).toEqual(['state', 'account', 'region', 'type', 'created', 'addresses']);
  });

  it.each([
    ['vcpus', 'vCPU'],
    ['nativeState', 'Native state'],
    ['stateReason', 'State reason'],
    ['readyReason', 'Not ready because'],
    ['lastEnd', 'Last end'],
    ['hostedBy', 'Runs on'],
    ['createdAt', 'Created'],
    ['requests', 'Requests'],
    ['addresses', 'Address'],
    ['mappedAddresses', 'Mapped address'],
    ['privateAddresses', 'Private address'],
    ['workload', 'Workload'],
    ['identities', 'Identities'],
    ['tag.team', 'team'],
    ['somethingNew', 'somethingNew'],
    ['constructor', 'constructor'],
  ])('calls %s %s', (name, label) => expect(labelOf(name)).toBe(label));
});
