import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readQuestions } from '#lib/questions/kit/table.ts';
import { openApiDocument } from './openapi.ts';

const questions = await readQuestions();
const document = openApiDocument(questions.all) as {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, unknown> };
};

describe('the OpenAPI document', () => {
  it('documents exactly the questions and the other routes that exist', () => {
    const routes = globSync('app/api/v1/**/route.ts').map(
      (file) =>
        `/${file
          .replace(/^app\//, '')
          .replace(/\/route\.ts$/, '')
          .replace(/\[(\w+)\]/g, '{$1}')}`,
    );
    const others = routes.filter((path) => !path.endsWith('/openapi.json') && !path.endsWith('/[...path]'));
    const asked = questions.all.map(({ path }) => `/api/v1${path}`);
    expect(asked.length).toBeGreaterThan(10);
    // A route of its own would hide a question of the same path.
    expect(Object.keys(document.paths).sort()).toEqual([...asked, ...others].sort());
  });

  it('refers to schemas that it holds', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(refs.length).toBeGreaterThan(10);
    for (const name of refs) expect(document.components.schemas[name ?? '']).toBeDefined();
  });

  it('has no schema that says nothing but for raw detail', () => {
    const page = JSON.stringify(document.components.schemas.ResourcePage);
    expect(page).toContain('"addresses"');
    expect(page).toContain('"freshness"');
  });
});
