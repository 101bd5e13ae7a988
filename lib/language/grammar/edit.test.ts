import { describe, expect, it } from 'vitest';
import { accept, complete } from './complete.ts';
import { toggleValue, valuesOf, withClause, withoutClause, withoutToken } from './edit.ts';

describe('toggleValue', () => {
  it.each([
    ['', 'state', 'running', 'state:running'],
    ['checkout', 'state', 'running', 'checkout state:running'],
    ['state:running  checkout', 'state', 'stopped', 'state:running,stopped  checkout'],
    ['state:running,stopped checkout', 'state', 'running', 'state:stopped checkout'],
    ['a state:running b', 'state', 'running', 'a b'],
    ['state:Running', 'state', 'running', ''],
    ['-state:running', 'state', 'running', '-state:running state:running'],
    ['', 'tag.cost center', 'a b', 'tag."cost center":"a b"'],
    ['tag.cost_center:x', 'tag.Cost-Center', 'y', 'tag.cost_center:x,y'],
    ['', 'tag.team', '', 'tag.team:""'],
    ['tag.team:"",a', 'tag.team', '', 'tag.team:a'],
    ['region:us-*', 'region', 'us-*', 'region:us-*,"us-*"'],
    ['kind:vm "half', 'state', 'failed', 'kind:vm state:failed "half'],
    ['vcpus> name:x', 'kind', 'vm', 'vcpus> name:x kind:vm'],
  ])('%j, %s %j -> %j', (q, field, value, expected) => expect(toggleValue(q, field, value)).toBe(expected));
});

describe('edits of a clause', () => {
  it('replaces a list, wherever its parts stand', () => {
    expect(withClause('kind:vm a kind:host b', 'kind', ['container'])).toBe('kind:container a b');
    expect(withClause('kind:vm a', 'kind', [])).toBe('a');
    expect(withClause('a sort:name', 'sort', ['-memory'])).toBe('a sort:-memory');
    expect(withClause('', 'sort', ['-tag.a b'])).toBe('sort:-"tag.a b"');
  });

  it('takes a field out, negated and compared', () =>
    expect(withoutClause('vcpus>4 a -vcpus:8 vcpus', 'vcpus')).toBe('a vcpus'));

  it('takes one chip out', () => expect(withoutToken('a "b c" d', 2)).toBe('a d'));

  it('lists what is chosen', () =>
    expect(valuesOf('kind:vm,host -kind:container kind:c*', 'kind')).toEqual(['vm', 'host']));
});

describe('complete', () => {
  it.each([
    ['', 0, 'field', null, '', 0, 0],
    ['prov', 4, 'field', null, 'prov', 0, 4],
    ['-st', 3, 'field', null, 'st', 1, 3],
    ['kind:vm sta', 11, 'field', null, 'sta', 8, 11],
    ['state:run', 9, 'value', 'state', 'run', 6, 9],
    ['state:running,st', 16, 'value', 'state', 'st', 14, 16],
    ['state:', 6, 'value', 'state', '', 6, 6],
    ['tag.team:"pay', 13, 'value', 'tag.team', 'pay', 9, 13],
    ['sort:-me', 8, 'value', 'sort', '-me', 5, 8],
    ['state:running', 3, 'field', null, 'sta', 0, 5],
  ])('%j at %i', (q, caret, expects, field, prefix, start, end) =>
    expect(complete(q, caret)).toMatchObject({ expects, field, prefix, start, end }),
  );

  it('offers what the grammar knows', () => {
    expect(complete('state:st', 8).options).toEqual(['starting', 'stopping', 'stopped']);
    expect(complete('prov', 4).options).toEqual(['provider']);
    expect(complete('sort:-mem', 9).options.slice(0, 2)).toEqual(['-mem', '-memory']);
  });

  it('puts a choice in its place', () => {
    expect(accept('prov', complete('prov', 4), 'provider')).toEqual({ q: 'provider:', caret: 9 });
    expect(accept('state:ru', complete('state:ru', 8), 'running')).toEqual({ q: 'state:running ', caret: 14 });
    expect(accept('zone:a b', complete('zone:a b', 6), 'x y')).toEqual({ q: 'zone:"x y" b', caret: 10 });
  });
});
