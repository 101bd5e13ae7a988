import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandOf } from '#scripts/test-run/steps.ts';

const root = join(import.meta.dirname, '../..');
const walk = readFileSync(join(root, 'docs/adding-a-provider.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'muster-walk-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Does what the last step of the walk looks at: lists the lab by the files of the page. */
const LOOK = `
import './lab-server.mjs';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { resourceSchema } from '#lib/model/index.ts';
import { lab } from './providers/lab/index.ts';
const [{ id, provider, ...keys }] = parse(readFileSync('muster.yaml', 'utf8')).sources;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const clock = { now: Date.now, monotonic: () => performance.now(), sleep: async () => {}, alarm: () => () => {} };
const connection = await (await lab.load()).open(lab.config.parse(keys), { source: id, log, clock, random: Math.random });
const call = { signal: new AbortController().signal };
const rows = [];
const permissions = await Array.fromAsync(connection.permissions(call));
for await (const scope of connection.scopes(call))
  for await (const batch of connection.list(scope, call)) rows.push(...batch.resources.map((row) => resourceSchema.parse(row)));
await connection.close();
process.stdout.write(JSON.stringify({ provider, permissions, rows }), () => process.exit(0));
`;

/** A port that nobody listens on, in place of the page's 8300. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

function writeWalk(port: string): void {
  for (const [, path = '', text = ''] of walk.matchAll(/^```(?:js|ts|yaml) (\S+)\n([\s\S]*?)^```$/gm)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll('8300', port));
  }
  for (const path of ['lib', 'node_modules', 'providers/kit', 'providers/contract.ts'])
    symlinkSync(join(root, path), join(folder, path));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', imports: { '#lib/*': './lib/*', '#providers/*': './providers/*' } }),
  );
  writeFileSync(join(folder, 'look.ts'), LOOK);
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const options = { ...compilerOptions, incremental: false, preserveSymlinks: true, plugins: [] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['providers/lab'] }),
  );
}

const run = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return stdout;
};

beforeAll(async () => writeWalk(String(await freePort())));

it('the walk of docs/adding-a-provider.md lists its lab', async () => {
  const { provider, permissions, rows } = JSON.parse(await run('look.ts'));
  expect(provider).toBe('lab');
  expect(permissions).toMatchObject([{ action: 'GET /v1/machines', state: 'allowed' }]);
  expect(rows).toMatchObject([
    {
      name: 'bench-1',
      state: 'running',
      vcpus: 8,
      memory: 32768,
      zone: 'r1',
      tags: { team: 'lab' },
      identities: [{ type: 'mac', value: '52:54:00:aa:00:01' }],
    },
    { name: 'bench-2', state: 'stopped', vcpus: 4 },
  ]);
});

it('the files of the walk have the types of the contract', async () => {
  // What is wrong stands on the standard output, which a failure would not show.
  const output = await run(commandOf('typescript', 'tsc'), '-p', '.').catch(({ stdout }) => stdout);
  expect(output).toBe('');
});

it('the lines of the registry around the one of the walk stand there', () => {
  const [, diff = ''] = /^```diff providers\/registry\.ts\n([\s\S]*?)^```$/m.exec(walk) ?? [];
  const lines = diff.split('\n').flatMap((line) => (line.startsWith(' ') ? [line.slice(1)] : []));
  expect(lines.length).toBe(2);
  expect(readFileSync(join(root, 'providers/registry.ts'), 'utf8')).toContain(lines.join('\n'));
});
