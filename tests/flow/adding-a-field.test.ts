import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandOf } from '#scripts/test-run/steps.ts';

const root = join(import.meta.dirname, '../..');
const walk = readFileSync(join(root, 'docs/decisions/one-table-of-fields.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'muster-field-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two instances of EC2 through the mapping and the index; what changed between them as the store records it. */
const LOOK = `
import { Engine } from '#lib/index/engine.ts';
import { FACTS, FIELDS, labelOf } from '#lib/language/fields.ts';
import { complete } from '#lib/language/grammar/complete.ts';
import { resourceSchema } from '#lib/model/index.ts';
import { diff } from '#lib/store/diff.ts';
import { toResource } from '#providers/aws/map.ts';
const scope = { id: 's/a/r/x', provider: 'aws', source: 's', account: 'a', region: 'r', part: 'x', kind: 'vm', label: 'a' };
const row = (InstanceId, Tenancy) =>
  toResource({ owner: 'a', instance: { InstanceId, Placement: { Tenancy } } }, { scope, partition: 'aws', size: () => null });
const rows = [row('i-1', 'default'), row('i-2', 'dedicated'), row('i-3', 'dedicated')];
const at = '2026-11-21T09:00:00.000Z';
const engine = new Engine({ now: () => Date.parse(at), monotonic: () => 0 });
engine.apply(rows.map((resource, n) => ({ resource, seq: n + 1, firstSeen: at, lastSeen: at, removedAt: null })));
const uids = (q) => engine.rows(q, '').uids(0, 3).map((uid) => uid.slice(-3));
const field = FIELDS.find(({ key }) => key === 'tenancy');
process.stdout.write(JSON.stringify({
  filter: uids('tenancy:default'),
  sort: uids('sort:tenancy'),
  facet: engine.facets('', ['tenancy']).facets.tenancy,
  groups: engine.groups('group:tenancy', '').groups.groups.map(({ value, count }) => ({ value, count })),
  column: field.column,
  export: field.filterOnly !== true && field.get(rows[0]),
  details: FACTS.flatMap(({ label, text }) => (label === 'Tenancy' ? [text(rows[0])] : [])),
  changes: diff(rows[0], { ...rows[0], tenancy: 'host' }),
  label: labelOf('tenancy'),
  completion: complete('tena', 4).options,
  schema: 'tenancy' in resourceSchema.shape,
}));
`;

/** The places of the walk, each as it is and as it becomes. */
const edits = [...walk.matchAll(/^```diff (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = '', text = '']) => {
  const lines = text.split('\n');
  const of = (mark: string) =>
    lines
      .filter((line) => line.startsWith(mark) || line.startsWith(' '))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { path, before: of('-'), after: of('+') };
});

beforeAll(() => {
  const isSource = (path: string) => !/\.test\.tsx?$/.test(path);
  for (const part of ['lib', 'providers'])
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: isSource });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const imports = { '#lib/*': './lib/*', '#providers/*': './providers/*' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  writeFileSync(join(folder, 'look.ts'), LOOK);
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const options = { ...compilerOptions, incremental: false, plugins: [] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['lib/{language,model,store}', 'providers/**/map*'] }),
  );
  for (const { path, before, after } of edits) {
    const text = readFileSync(join(folder, path), 'utf8');
    expect(text.split(before).length, `${path} has once:\n${before}`).toBe(2);
    writeFileSync(
      join(folder, path),
      text.replace(before, () => after),
    );
  }
});

const run = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return stdout;
};

it('the walk of docs/decisions/one-table-of-fields.md touches the model, one mapping and the table', () => {
  const touched = [...new Set(edits.map(({ path }) => path))];
  expect(touched.toSorted()).toEqual(['lib/language/fields.ts', 'lib/model/resource.ts', 'providers/aws/map.ts']);
});

it('the new field is found, sorted, counted, grouped, shown, exported, and its changes are told', async () => {
  const counts = [
    { value: 'dedicated', count: 2 },
    { value: 'default', count: 1 },
  ];
  expect(JSON.parse(await run('look.ts'))).toEqual({
    filter: ['i-1'],
    sort: ['i-2', 'i-3', 'i-1'],
    facet: counts,
    groups: counts,
    column: { width: 140, align: 'left', shown: false, cell: 'text' },
    export: 'default',
    details: ['default'],
    changes: [{ field: 'tenancy', from: 'default', to: 'host' }],
    label: 'Tenancy',
    completion: ['tenancy'],
    schema: true,
  });
});

it('no other file needs to know of it', async () => {
  // What is wrong stands on the standard output, which a failure would not show.
  const output = await run(commandOf('typescript', 'tsc'), '-p', '.').catch(({ stdout }) => stdout);
  expect(output).toBe('');
  // The types of a cloud's client are many.
}, 600_000);
