import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { musterParts } from './muster-parts.ts';
import { type Part, startParts } from './parts.ts';

function folder(): string {
  const created = mkdtempSync(path.join(tmpdir(), 'muster-parts-'));
  onTestFinished(() => rmSync(created, { recursive: true, force: true }));
  return created;
}
function part(name: string, code: string, env: Record<string, string> = {}): Part {
  const file = path.join(folder(), `${name}.mjs`);
  writeFileSync(file, code);
  return { name, file, args: [], env };
}
const LIVES = 'setInterval(() => {}, 1e6);';
const DRAINS = `${LIVES} process.on('SIGTERM', () => process.exit(0));`;
const run = (...parts: Part[]) => {
  const printed: string[] = [];
  const started = startParts(parts, (line) => printed.push(line));
  onTestFinished(() => started.kill());
  return { printed, ...started };
};

test('fault 98: the web process starts without the credentials that the collector has', async () => {
  const machine = {
    PATH: '/usr/bin',
    MUSTER_DATA: '/data',
    AWS_SECRET_ACCESS_KEY: 'canary',
    AZURE_CLIENT_SECRET: 'canary',
    GOOGLE_APPLICATION_CREDENTIALS: 'canary',
    KUBECONFIG: 'canary',
  };
  const [collector, web] = musterParts('/muster', machine, { host: '127.0.0.1', port: 3000 }, 'production');
  expect(collector?.env).toMatchObject(machine);

  const report = path.join(folder(), 'environment.json');
  const code = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(report)}, JSON.stringify(process.env));`;
  await run(part('web', code, web?.env)).ended;
  const seen: unknown = JSON.parse(readFileSync(report, 'utf8'));
  expect(seen).toEqual({
    PATH: '/usr/bin',
    MUSTER_DATA: '/data',
    HOST: '127.0.0.1',
    PORT: '3000',
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  });
});

test('when one part ends by itself the other is stopped, and its code is the result', async () => {
  const { ended, printed } = run(part('collector', 'process.exit(78)'), part('web', DRAINS));
  expect(await ended).toBe(78);
  expect(printed).toEqual(['collector ended with code 78; stopping the rest']);
});

test('a part that is killed gives the code of its signal', async () => {
  const { ended, printed } = run(part('web', `process.kill(process.pid, 'SIGKILL'); ${LIVES}`));
  expect(await ended).toBe(137);
  expect(printed).toEqual(['web ended by SIGKILL']);
});

test('fault 89: stopping ends every part with code 0, whether or not it listens', async () => {
  const { ended, printed, stop } = run(part('collector', DRAINS), part('web', LIVES));
  stop();
  stop();
  expect(await ended).toBe(0);
  expect(printed).toEqual([]);
});

test('kill ends a part that does not stop', async () => {
  const { ended, kill } = run(part('web', `process.on('SIGTERM', () => {}); ${LIVES}`));
  kill();
  expect(await ended).toBe(137);
});

test('parts end when the process that started them is killed outright', async () => {
  const hears = `process.on('SIGTERM', () => { console.error('told to end'); process.exit(); });`;
  const lives = part('web', `${hears} console.error('up'); ${LIVES}`);
  const starter = path.join(folder(), 'starter.mts');
  const source = path.join(import.meta.dirname, 'parts.ts');
  writeFileSync(
    starter,
    `import { startParts } from ${JSON.stringify(source)}; startParts([${JSON.stringify(lives)}], () => {});`,
  );
  const parent = spawn(process.execPath, [starter], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  const reader = createInterface(parent.stderr).on('line', (line) => {
    lines.push(line);
    parent.kill('SIGKILL');
  });
  // The part holds the other end of this pipe: it closes when the part is gone.
  await once(reader, 'close');
  expect(lines).toEqual(['up', 'told to end']);
});
