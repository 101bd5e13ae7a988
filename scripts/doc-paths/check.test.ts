import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkDocuments } from './check.ts';

function project(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-docs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const all = { 'package.json': '{"scripts":{"start":"x","test":"x","verify":"x"}}', ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}
const problems = (files: Record<string, string>) => checkDocuments(project(files)).map(({ problem }) => problem);

test('accepts what exists', () => {
  const README = [
    'Run `npm start`, `npm test`, or `npm run verify`. [Guide](docs/guide.md#start), [site](https://example.com/a.md).',
    'Code: `lib/model/resource.ts`, `lib/model`, `lib/model/resource.ts:12`, `#lib/model/resource.ts`, `resource.ts`,',
    '`providers/<id>/map.ts`, `app/[uid]/page.tsx`, `lib/**`.',
  ].join('\n');
  expect(
    problems({
      'README.md': README,
      'docs/guide.md': '[up](../README.md) [top](#start)',
      'providers/aws/README.md': '`map.ts` and `./map.ts`',
      'providers/aws/map.ts': '',
      'lib/model/resource.ts': '',
      'app/[uid]/page.tsx': '',
    }),
  ).toEqual([]);
});

test('leaves alone what is not a file of the project', () => {
  const README =
    '`muster.yaml` `/api/v1/resources` `application/json` `i-0abc/x` `tag.env:prod` `../shared/x.md` `a/b`';
  expect(problems({ 'README.md': README })).toEqual([]);
});

test.each([
  ['`lib/gone.ts`', 'names lib/gone.ts, which does not exist'],
  ['`lib/*/gone.ts`', 'names lib/*/gone.ts, which does not exist'],
  ['`gone.ts`', 'names gone.ts, which does not exist'],
  ['[x](lib/gone.ts)', 'links to lib/gone.ts, which does not exist'],
  ['![x](docs/gone.png "title")', 'links to docs/gone.png, which does not exist'],
  ['`npm run gone`', 'npm runs no script gone'],
  ['```\nnpm run gone -- --x\n```', 'npm runs no script gone'],
])('finds %j', (text, problem) => {
  expect(problems({ 'README.md': text, 'lib/a.ts': '' })).toEqual([problem]);
});

test('resolves a link from where its document lies', () => {
  expect(problems({ 'docs/a.md': '[x](b.md)', 'b.md': '' })).toEqual(['links to b.md, which does not exist']);
});

test('says where', () => {
  const root = project({ 'docs/a.md': 'fine\n`docs/gone.md`\n' });
  expect(checkDocuments(root)).toMatchObject([{ file: 'docs/a.md', line: 2 }]);
});
