import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Breach, checkImports } from '#scripts/import-rules/check.ts';
import { parseSource } from '#scripts/import-rules/parse.ts';
import { readSources } from '#scripts/sources.ts';

type Files = Record<string, string>;
const check = (files: Files): Breach[] =>
  checkImports(Object.entries(files).map(([file, code]) => parseSource(file, code)));
const rules = (files: Files) => check(files).map(({ rule }) => rule);

test('the project keeps every import rule', () => {
  const sources = readSources(path.resolve(import.meta.dirname, '../..'));
  expect(sources.length).toBeGreaterThan(20);
  expect(checkImports(sources)).toEqual([]);
});

describe('finds a room that imports against the direction of the arrows', () => {
  test.each([
    ['lib/model/a.ts', '#providers/contract.ts'],
    ['lib/model/a.ts', '../store/port.ts'],
    ['lib/model/a.ts', 'kysely'],
    ['lib/model/a.ts', 'node:crypto'],
    ['lib/runtime/clock.ts', '#lib/model/index.ts'],
    ['lib/runtime/semaphore.ts', '#lib/sync/source.ts'],
    ['lib/runtime/single-flight.ts', '#providers/contract.ts'],
    ['lib/runtime/backoff.ts', '#lib/store/port.ts'],
    ['lib/runtime/lru.ts', 'zod'],
    ['lib/model/a.ts', '#lib/runtime/clock.ts'],
    ['app/page.tsx', '#lib/runtime/clock.ts'],
    ['providers/contract.ts', '#lib/store/port.ts'],
    ['providers/kit/wire/http.ts', '#lib/sync/run.ts'],
    ['providers/kit/wire/http.ts', '#providers/aws/map.ts'],
    ['lib/demo/fleet.ts', '#providers/gcp/map.ts'],
    ['providers/aws/map.ts', '#providers/gcp/map.ts'],
    ['providers/aws/map.ts', '../azure/index.ts'],
    ['providers/aws/adapter.ts', '#lib/store/port.ts'],
    ['providers/aws/adapter.ts', '#lib/sync/run.ts'],
    ['providers/aws/adapter.ts', '#lib/api/resources.ts'],
    ['providers/aws/adapter.ts', '#lib/log/index.ts'],
    ['providers/aws/adapter.ts', '#app/page.tsx'],
    ['providers/registry.ts', '#providers/aws/adapter.ts'],
    ['lib/sync/run.ts', '#lib/index/columns/columns.ts'],
    ['lib/sync/run.ts', '#lib/api/resources.ts'],
    ['lib/sync/run.ts', '#providers/aws/adapter.ts'],
    ['lib/sync/run.ts', '#app/page.tsx'],
    ['lib/store/sqlite.ts', '#providers/contract.ts'],
    ['lib/store/sqlite.ts', '#lib/sync/run.ts'],
    ['lib/store/sqlite.ts', '#lib/api/resources.ts'],
    ['lib/columns/hash-table.ts', '#lib/model/index.ts'],
    ['lib/linking/index.ts', '#lib/index/columns/columns.ts'],
    ['lib/index/engine.ts', '#lib/questions/facets.ts'],
    ['lib/index/engine.ts', '#lib/web/serve.ts'],
    ['lib/questions/facets.ts', '#lib/store/index.ts'],
    ['lib/questions/facets.ts', '#lib/web/serve.ts'],
    ['lib/questions/facets.ts', '#providers/contract.ts'],
    ['lib/web/worker.ts', '#lib/store/index.ts'],
    ['lib/web/worker.ts', '#lib/store/sqlite/write/write-store.ts'],
    ['lib/web/worker.ts', '#lib/sync/run.ts'],
    ['lib/api/problem.ts', '#providers/contract.ts'],
    ['lib/api/problem.ts', '#lib/index/columns/columns.ts'],
    ['lib/api/problem.ts', '#app/page.tsx'],
    ['lib/config/environment.ts', '#lib/model/index.ts'],
    ['lib/config/file.ts', '#lib/store/port.ts'],
    ['lib/log/index.ts', '#lib/model/index.ts'],
    ['lib/collector/main.ts', '#lib/index/columns/columns.ts'],
    ['lib/collector/main.ts', '#lib/api/resources.ts'],
    ['lib/collector/main.ts', '#app/server/main.ts'],
    ['app/server/main.ts', '#lib/store/sqlite.ts'],
    ['app/server/main.ts', '#lib/config/file.ts'],
    ['app/server/main.ts', '#lib/sync/run.ts'],
    ['app/page.tsx', '#providers/contract.ts'],
    ['app/page.tsx', '#lib/sync/run.ts'],
    ['app/page.tsx', '#lib/store/port.ts'],
    ['app/page.tsx', '#lib/index/columns/columns.ts'],
    ['app/page.tsx', '#app/server/main.ts'],
    ['proxy.ts', '#lib/store/port.ts'],
    ['lib/model/a.ts', '#scripts/processes/build.ts'],
    ['lib/model/a.ts', '#tests/fakes/aws.ts'],
    ['vitest.config.ts', '#lib/model/index.ts'],
  ])('%s imports %s', (file, target) => {
    expect(rules({ [file]: `import '${target}';` })).toHaveLength(1);
    expect(rules({ [file]: `export * from '${target}';` })).toHaveLength(1);
    expect(rules({ [file]: `await import('${target}');` })).toHaveLength(1);
    expect(rules({ [file]: `import type { A } from '${target}';` })).toHaveLength(1);
    expect(rules({ [file]: `type A = import('${target}').A;` })).toHaveLength(1);
  });
});

test('allows what the table allows', () => {
  const allowed: Files = {
    'lib/model/a.ts': `import { z } from 'zod'; import './b.ts';`,
    'lib/runtime/timer.ts': `import './clock.ts'; import 'node:timers/promises';`,
    'providers/contract.ts': `import '#lib/model/index.ts'; import '#lib/runtime/clock.ts';`,
    'providers/kit/wire/http.ts': `import '#providers/contract.ts'; import 'undici';`,
    'providers/aws/index.ts': `import '#providers/contract.ts'; export const load = () => import('./adapter.ts');`,
    'providers/aws/adapter.ts': `import './client.ts'; import '#providers/kit/wire/http.ts';`,
    'providers/aws/client.ts': `import '@aws-sdk/client-ec2';`,
    'providers/aws/map.ts': `import type { Instance } from '@aws-sdk/client-ec2';`,
    'providers/aws/mock.ts': `import '#lib/demo/fleet.ts';`,
    'providers/registry.ts': `import './aws/index.ts';`,
    'lib/sync/run.ts': `import '#providers/registry.ts'; import '#lib/store/port.ts'; import '#lib/runtime/semaphore.ts';`,
    'lib/store/sqlite/read/read-store.ts': `import './open.ts'; import '../port.ts';`,
    'lib/questions/facets.ts': `import './kit/question.ts'; import '#lib/index/columns/columns.ts';`,
    'lib/questions/kit/table.ts': `export const read = (file: string) => import(file);`,
    'lib/web/worker.ts': `import '#lib/questions/kit/table.ts'; import '#lib/store/sqlite/read/read-store.ts';`,
    'lib/language/cursor.ts': `import './grammar/parse.ts'; import '#lib/api/problem.ts';`,
    'lib/collector/main.ts': `import '#lib/sync/run.ts'; import '#lib/log/index.ts'; import '#lib/config/file.ts';`,
    'app/server/main.ts': `import '#lib/web/client.ts'; import '#lib/questions/kit/table.ts'; import '#lib/config/environment.ts'; import './service.ts';`,
    'app/api/v1/resources/route.ts': `import '#lib/api/resources.ts'; import '#app/server/service.ts';`,
    'app/ask.ts': `import type facets from '#lib/questions/facets.ts'; import type { A } from '#lib/web/service.ts';`,
    'app/table.tsx': `'use client'; import '#lib/language/fields.ts'; import type { Item } from '#lib/api/resources.ts';`,
    'lib/language/problem.test.ts': `import '#providers/aws/adapter.ts'; process.env.TZ;`,
    'tests/flow/all.test.ts': `import '@google-cloud/compute';`,
  };
  expect(check(allowed)).toEqual([]);
});

test('the web bundle has types of questions and of their worker, and nothing that runs', () => {
  for (const target of ['#lib/questions/facets.ts', '#lib/web/service.ts']) {
    expect(rules({ 'app/page.tsx': `import type { A } from '${target}';` })).toEqual([]);
    expect(rules({ 'app/page.tsx': `import '${target}';` })).toHaveLength(1);
    expect(rules({ 'app/page.tsx': `'use client'; import '${target}';` })).toHaveLength(1);
  }
});

test('the table of questions is checked as if it named each of them', () => {
  const found = rules({
    'app/server/main.ts': `import '#lib/questions/kit/table.ts';`,
    'lib/questions/kit/table.ts': `export const read = (file: string) => import(file);`,
    'lib/questions/new.ts': `import '@aws-sdk/client-ec2';`,
  });
  expect(found).toContain(
    'leads to @aws-sdk/client-ec2 through app/server/main.ts -> lib/questions/kit/table.ts -> lib/questions/new.ts',
  );
  expect(rules({ 'lib/questions/facets.ts': `export const read = (file: string) => import(file);` })).toHaveLength(1);
});

describe('client components', () => {
  const rule = 'client component may not load answers (lib/api/problem.ts)';
  test('may not load the shapes of answers', () => {
    expect(rules({ 'app/a.tsx': `'use client'; import '#lib/api/problem.ts';` })).toEqual([rule]);
  });
  test('nor may what they load', () => {
    const files = { 'app/a.tsx': `'use client'; import './b.ts';`, 'app/b.ts': `import '#lib/api/problem.ts';` };
    expect(rules(files)).toEqual([rule]);
  });
  test('nor may it come through the field table', () => {
    const files = {
      'app/a.tsx': `'use client'; import '#lib/language/fields.ts';`,
      'lib/language/fields.ts': `import '#lib/api/problem.ts';`,
    };
    expect(rules(files)).toEqual([rule]);
  });
});

describe('provider SDKs', () => {
  test.each([
    ['outside of the client', 'providers/aws/map.ts', `import { EC2 } from '@aws-sdk/client-ec2';`],
    ['inline types load the package too', 'providers/aws/map.ts', `import { type EC2 } from '@aws-sdk/client-ec2';`],
    ["in another provider's client", 'providers/gcp/client.ts', `import '@azure/identity';`],
    ['even lazily, in the sync', 'lib/sync/run.ts', `await import('@kubernetes/client-node');`],
    ['even as types, in the kit', 'providers/kit/wire/http.ts', `import type { A } from '@google-cloud/compute';`],
  ])('are a breach %s', (_, file, code) => {
    expect(rules({ [file]: code })).toHaveLength(1);
  });
  test('may not be reachable from the web, not even lazily and by detours', () => {
    const found = rules({
      'app/page.tsx': `import '#lib/language/a.ts';`,
      'lib/language/a.ts': `export const b = () => import('#providers/aws/client.ts');`,
      'providers/aws/client.ts': `import '@aws-sdk/client-ec2';`,
    });
    expect(found).toContain(
      'leads to @aws-sdk/client-ec2 through app/page.tsx -> lib/language/a.ts -> providers/aws/client.ts',
    );
  });
  test('may not load with the registry', () => {
    const files = {
      'providers/registry.ts': `import './aws/index.ts';`,
      'providers/aws/index.ts': `import './client.ts';`,
      'providers/aws/client.ts': `import '@aws-sdk/client-ec2';`,
    };
    expect(rules(files)).toHaveLength(1);
  });
});

test.each([
  `process.env.A`,
  `process['env'].A`,
  `globalThis.process.env.A`,
  `const { env } = process;`,
  `import { env } from 'node:process';`,
])('finds environment variables read outside of the configuration: %s', (code) => {
  expect(rules({ 'lib/store/a.ts': code })).toContain('reads process.env');
  expect(rules({ 'lib/config/environment.ts': code, 'scripts/a.ts': code, 'app/server/main.ts': code })).toEqual([]);
});

test('finds a folder that the table does not know', () => {
  expect(rules({ 'lib/helpers/a.ts': '' })).toEqual(['belongs to no room of scripts/import-rules/rooms.ts']);
});

test('finds files that import each other in a circle, types included', () => {
  const circle = {
    'lib/index/a.ts': `import type { B } from './b.ts';`,
    'lib/index/b.ts': `import './c.ts';`,
    'lib/index/c.ts': `import './a.ts'; import './d.ts';`,
    'lib/index/d.ts': '',
    'lib/index/e.ts': `import './a.ts';`,
  };
  expect(rules(circle)).toEqual(['imports in a circle: lib/index/a.ts, lib/index/b.ts, lib/index/c.ts']);
  expect(rules({ ...circle, 'lib/index/c.ts': `import './d.ts';` })).toEqual([]);
  const two = { 'lib/index/a.ts': `import './b.ts'; import './c.ts';`, 'lib/index/c.ts': `import './b.ts';` };
  expect(rules({ ...two, 'lib/index/b.ts': `import './c.ts';` })).toEqual([
    'imports in a circle: lib/index/b.ts, lib/index/c.ts',
  ]);
});

test('finds an import that cannot be checked, or that Node cannot resolve', () => {
  expect(rules({ 'lib/sync/a.ts': 'await import(name);' })).toEqual([
    'an import whose target is computed cannot be checked',
  ]);
  expect(rules({ 'lib/sync/a.ts': `import './b';` })).toEqual(['./b names no file extension; Node needs it']);
});

test('finds a module mock', () => {
  expect(rules({ 'lib/sync/a.test.ts': `vi.mock('./b.ts');` })).toEqual([
    'replaces a module; fake at the wire instead',
  ]);
});
