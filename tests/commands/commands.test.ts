import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { registry } from '#providers/registry.ts';
import { findVirsh } from '#scripts/machine/virsh.ts';
import { PARTS } from '#tests/bench/sizes.ts';

// What the documents tell people to type, as they type it. What is left out, and why, is in documented.ts.
const ROOT = path.resolve(import.meta.dirname, '../..');
const HIDDEN = /^(node_modules|\.git|\.next|\.muster|test-results|muster\.yaml)$/;

let scratch: string;
/** The project as a clone has it, with the packages of this one: for commands that write into it or read a muster.yaml beside it. */
let clone: string;
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'muster-commands-'));
  clone = path.join(scratch, 'clone');
  cpSync(ROOT, clone, { recursive: true, filter: (from) => !HIDDEN.test(path.relative(ROOT, from)) });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function start(command: string, cwd: string, env: Record<string, string> = {}) {
  const [program = '', ...args] = command.split(' ');
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  // One that did not end in time is not left behind.
  onTestFinished(() => void child.kill('SIGTERM'));
  const output = { out: '', err: '' };
  const heard: (() => void)[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk;
    for (const hear of heard) hear();
  });
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk));
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  /** Resolves with the first match in the output. */
  const untilPrinted = async (text: RegExp): Promise<RegExpExecArray> => {
    const found = new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const match = text.exec(output.out);
        if (match) resolve(match);
      };
      heard.push(look);
      look();
    });
    const early = ended.then((code) => Promise.reject(new Error(`${command} ended with ${code}: ${output.err}`)));
    return Promise.race([found, early]);
  };
  return { child, output, ended, untilPrinted };
}

/** Runs a command to its end. @throws Error with what it said where that is not 0 */
async function run(command: string, cwd: string): Promise<string> {
  const { ended, output } = start(command, cwd);
  const code = await ended;
  if (code !== 0)
    throw new Error(`${command} ended with ${code}: ${output.out.slice(-2000)}\n${output.err.slice(-4000)}`);
  return output.out;
}

test.each(['npm start', 'npm run dev'])('%s answers, and ends when it is told to', async (command) => {
  // In the checkout, where the build is, but over a fleet and a store of its own.
  const folder = mkdtempSync(path.join(scratch, 'data-'));
  const sources = Object.keys(registry).map((id) => ({ id, provider: id, mock: { seed: 1, resources: 200 } }));
  writeFileSync(path.join(folder, 'muster.yaml'), JSON.stringify({ sources }));
  const { child, ended, untilPrinted } = start(command, ROOT, {
    PORT: '0',
    HOST: '127.0.0.1',
    MUSTER_DATA: path.join(folder, 'data'),
    MUSTER_CONFIG: path.join(folder, 'muster.yaml'),
  });
  try {
    const [, url] = await untilPrinted(/^Muster: (http:\S+)$/m);
    const answer = await fetch(`${url}/`);
    expect([answer.status, /<title>(.*?)<\/title>/.exec(await answer.text())?.[1]]).toEqual([200, 'Fleet · Muster']);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
});

test('npm run check-config says what it understood of the demo', async () => {
  expect(await run('npm run check-config', clone)).toContain('No muster.yaml: the demo fleet.');
});

test('npm run write-docs brings a document up to date', async () => {
  const examples = path.join(clone, 'muster.example.yaml');
  const before = readFileSync(examples, 'utf8');
  writeFileSync(examples, 'out of date\n');
  await run('npm run write-docs', clone);
  expect(readFileSync(examples, 'utf8')).toBe(before);
});

test('fault 115: every part of the bench runs to its end', async () => {
  const out = await run('npm run bench -- --small', ROOT);
  expect([...out.matchAll(/^== (\w+)$/gm)].map(([, part]) => part)).toEqual([...PARTS]);
  for (const [, part, figures = ''] of out.matchAll(/^== (\w+)\n([\s\S]*?)(?=^== |$(?![\s\S]))/gm)) {
    // There are machines without libvirt's client; without a browser there is no run of this test.
    if (part === 'libvirt' && !findVirsh()) continue;
    expect(figures.match(/\d/g)?.length, part).toBeGreaterThan(3);
    expect(figures, part).not.toMatch(/NaN|undefined|left out/);
  }
});

test('a part that the bench does not have is refused with those that it has', async () => {
  await expect(run('npm run bench -- everything', ROOT)).rejects.toThrow(
    /no part everything; there are queries, stack/,
  );
});

test('node tests/bench/gcp-decision.ts measures each way', async () => {
  const out = await run('node tests/bench/gcp-decision.ts --small', ROOT);
  for (const way of ['bare', 'own', 'sdk']) expect(out).toMatch(new RegExp(`^${way} .* rows 1000 `, 'm'));
});
