import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const COLLECTOR = `
process.on('SIGTERM', () => { console.error('collector drained'); process.exit(0); });
setInterval(() => {}, 1e6);
`;
const WEB = `
import http from 'node:http';
const server = http.createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, process.env.HOST);
process.on('SIGTERM', () => server.close(() => { console.error('web drained'); process.exit(0); }));
`;

/** Starts a Muster whose two parts are these files, the way \`npm start\` does, without a build. */
function muster(parts: { collector: string; web: string }, port = '0') {
  const root = mkdtempSync(path.join(tmpdir(), 'muster-serve-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, code] of [
    ['lib/collector/main.ts', parts.collector],
    ['app/server/main.ts', parts.web],
    ['package.json', '{"type":"module"}'],
    [
      'start.ts',
      `import { serve } from ${JSON.stringify(path.join(import.meta.dirname, 'serve.ts'))};
      await serve('development', ${JSON.stringify(root)});`,
    ],
  ] as const) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), code);
  }
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'start.ts')], {
    env: { ...process.env, PORT: port, HOST: '127.0.0.1' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.out += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (output.err += chunk));
  return { child, output };
}

test('prints the address once the web answers, and nothing else; a signal drains both parts and ends with 0', async () => {
  const { child, output } = muster({ collector: COLLECTOR, web: WEB });
  if (child.stdout) await once(child.stdout, 'data');
  expect(output.out).toMatch(/^Muster: http:\/\/127\.0\.0\.1:[1-9]\d*\n$/);
  expect((await fetch(`${output.out.slice('Muster: '.length).trim()}/healthz`)).status).toBe(200);

  child.kill('SIGTERM');
  // The same signal often comes twice, from the terminal and from npm: it is one.
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(output.out.split('\n')).toHaveLength(2);
  expect(output.err).toContain('collector drained');
  expect(output.err).toContain('web drained');
});

test('ends with the code of the part that ended, and names it', async () => {
  const { child, output } = muster({ collector: 'process.exit(78)', web: WEB });
  expect(await once(child, 'close')).toEqual([78, null]);
  expect(output.err).toContain('collector ended with code 78; stopping the rest');
});

test('a taken port is said before anything is built or started', async () => {
  const other = net.createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const bound = other.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const started = `console.error('started');`;
  const { child, output } = muster({ collector: started, web: started }, String(port));
  expect(await once(child, 'close')).toEqual([75, null]);
  expect(output.err).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is taken.*\\n$`));
});
