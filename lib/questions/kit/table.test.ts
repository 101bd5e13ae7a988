import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import facets from '../facets.ts';
import machine from '../machine.ts';
import resources from '../resources.ts';
import { readQuestions, tableOf } from './table.ts';

const questions = await readQuestions();
const oldest = { ...facets, path: '/oldest', outputName: 'Oldest' };

describe('the table of questions', () => {
  it('has every file of the folder, by path', () => {
    expect(questions.all).toContain(resources);
    expect(questions.get('/machines/{uid}')).toBe(machine);
    expect(questions.get('/nothing')).toBeUndefined();
    const paths = questions.all.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
  });

  it.each([
    ['/resources', '/resources', {}],
    ['/resources/a', '/resources/{uid}', { uid: 'a' }],
    ['/resources/a%2Fb%20c', '/resources/{uid}', { uid: 'a/b c' }],
    ['/resources/a%2525', '/resources/{uid}', { uid: 'a%25' }],
    ['/resources/%', '/resources/{uid}', { uid: '%' }],
    ['/resources/stack/stack', '/resources/{uid}/stack', { uid: 'stack' }],
  ])('finds %s', (address, path, parameters) => {
    expect(questions.match(address)).toEqual({ question: questions.get(path), parameters });
  });

  it.each(['', '/', '/resource', '/Resources', '/resources/a/b', '/resources/a/stack/b', '/scopes/', '//scopes'])(
    'finds no question at %j',
    (address) => expect(questions.match(address)).toBeNull(),
  );

  it('prefers a word in a path to a parameter that would take it', () => {
    const one = { ...machine, path: '/machines/{uid}' };
    const word = { ...facets, path: '/machines/all' };
    const { match } = tableOf(Object.entries({ one, word }));
    expect(match('/machines/all')?.question).toBe(word);
    expect(match('/machines/some')?.question).toBe(one);
  });

  it.each([
    ['no default export', undefined, 'exports no question by default'],
    ['a path without a slash', { ...oldest, path: 'oldest' }, 'path: expected /words and /{parameters}'],
    ['no summary', { ...oldest, summary: '' }, 'summary'],
    ['no schema', { ...oldest, input: {} }, 'input: expected a schema'],
    ['nothing to run', { ...oldest, run: null }, 'run: expected a function'],
    ['a thing that cannot be missing', { ...machine, notFound: undefined }, 'notFound: belongs to a path'],
    ['missing what it does not name', { ...oldest, notFound: 'Not there.' }, 'notFound: belongs to a path'],
  ])('refuses a file with %s, and names it', (_what, value, reason) => {
    expect(() => tableOf([['new.ts', value]])).toThrow(/^new\.ts: /);
    expect(() => tableOf([['new.ts', value]])).toThrow(reason);
  });

  it('refuses a path that is taken, whatever its parameter is called, and another output of one name', () => {
    const files = (value: unknown): [string, unknown][] => [
      ['machine.ts', machine],
      ['new.ts', value],
    ];
    const renamed = { ...machine, path: '/machines/{id}' };
    expect(() => tableOf(files(renamed))).toThrow('new.ts: /machines/{id} is the path of machine.ts already');
    const other = { ...oldest, outputName: 'Machine', output: z.object({}) };
    expect(() => tableOf(files(other))).toThrow('new.ts: Machine is another output of machine.ts');
    expect(tableOf(files({ ...other, output: machine.output })).all).toHaveLength(2);
  });
});
