import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { registry } from '#providers/registry.ts';
import { ConfigError, environmentSchema, readEnvironment } from './environment.ts';
import { environmentExample, sourcesExample } from './example.ts';
import { readSources } from './sources.ts';

const file = (name: string) => readFileSync(path.resolve(import.meta.dirname, '../..', name), 'utf8');

test('.env.example and muster.example.yaml are what the schemas say', () => {
  expect(file('.env.example'), 'run npm run write-docs').toBe(environmentExample());
  expect(file('muster.example.yaml'), 'run npm run write-docs').toBe(sourcesExample(registry));
});

test('the example file is valid as it is: every provider with its demo fleet', () => {
  const { sources } = readSources(file('muster.example.yaml'), 'muster.example.yaml', registry);
  expect(sources.map(({ id, mock }) => [id, mock])).toEqual(Object.keys(registry).map((id) => [id, true]));
});

test('the example names every key that the schemas take, and each key in it is one', () => {
  const uncommented = file('muster.example.yaml')
    .replace(/^ {4}# (?=[a-zA-Z]+:|\s)/gm, '    ')
    .replace(/^ +# .*$/gm, '');
  const problems = (() => {
    try {
      readSources(uncommented, 'all', registry);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  })();
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.filter(({ expected }) => expected === 'no such key')).toEqual([]);
  for (const { config } of Object.values(registry)) {
    const { properties = {} } = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
    for (const key of Object.keys(properties)) expect(uncommented).toMatch(new RegExp(`^ {4}${key}:`, 'm'));
  }
});

test('the environment of the example is the default one', () => {
  const lines = file('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm);
  const variables = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
  expect(Object.keys(variables)).toEqual(Object.keys(environmentSchema.shape));
  expect(readEnvironment(variables)).toEqual(readEnvironment({}));
});

/** Sources as documents write them: a whole file, or entries of its list. */
const shown = globSync(['README.md', 'providers/*/README.md'], { cwd: path.resolve(import.meta.dirname, '../..') })
  .sort()
  .flatMap((document) =>
    [...file(document).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
      .map(([, text = '']) => ({ document, text: text.startsWith('sources:') ? text : `sources:\n${text}` }))
      .filter(({ text }) => text.includes('provider: ')),
  );

test('documents show sources of every provider', () => {
  for (const id of Object.keys(registry)) {
    expect(shown.some(({ document, text }) => document === 'README.md' && text.includes(`provider: ${id}`))).toBe(true);
    expect(shown.some(({ document }) => document === `providers/${id}/README.md`)).toBe(true);
  }
});

test.each(shown)('the sources that $document shows are valid', ({ document, text }) => {
  const { sources } = readSources(text, document, registry);
  expect(sources.length).toBeGreaterThan(0);
});
