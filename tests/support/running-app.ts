import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { registry } from '#providers/registry.ts';

const root = join(import.meta.dirname, '../..');

/** Muster as `npm start` runs it, on a free port, over the mock fleet, in a folder of its own. */
export interface RunningApp {
  url: string;
  folder: string;
  /** Pids of the collector and the web process. */
  pids: { collector: number; web: number };
  stop(): Promise<void>;
}

export interface AppOptions {
  resources: number;
  seed?: number;
  faults?: boolean;
  /** Between two listings; long where a test wants rows to stand still. */
  interval?: string;
}

const configuration = ({ resources, seed = 1, faults = true, interval = '30s' }: AppOptions) => ({
  sources: Object.keys(registry).map((id) => ({ id, provider: id, interval, mock: { seed, resources, faults } })),
});

function childrenOf(pid: number | undefined, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let out = '';
    const ps = spawn('ps', ['-o', 'pid=,args=', '--ppid', String(pid)]);
    ps.stdout.on('data', (text) => {
      out += text;
    });
    ps.on('close', () => {
      const line = out.split('\n').find((each) => each.includes(file));
      if (line) resolve(Number.parseInt(line, 10));
      else reject(new Error(`no process runs ${file}`));
    });
  });
}

/** Asks until the answer is good. */
async function until(good: () => Promise<boolean>): Promise<void> {
  while (!(await good().catch(() => false))) await delay(50);
}

/** Starts it, and resolves when every scope has been tried and the index has caught up. The build must be there. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-app-'));
  const config = join(folder, 'muster.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configuration(options)));
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    cwd: root,
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      MUSTER_DATA: join(folder, 'data'),
      MUSTER_CONFIG: config,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stderr.on('data', (text) => {
    output.push(String(text));
    if (output.length > 20) output.shift();
  });
  try {
    const url = await addressOf(child, () => output.join('').slice(-1000));
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    await until(async () => {
      const { scopes } = (await (await fetch(`${url}/api/v1/scopes`)).json()) as {
        scopes: { state: string; count: number; provider: string }[];
      };
      const listed = new Set(scopes.map(({ provider }) => provider));
      return listed.size === Object.keys(registry).length && scopes.every(({ state }) => state !== 'pending');
    });
    const collector = await childrenOf(child.pid, 'lib/collector/main.ts');
    const web = await childrenOf(child.pid, 'app/server/main.ts');
    return { url, folder, pids: { collector, web }, stop: () => stop(child, folder) };
  } catch (error) {
    await stop(child, folder);
    throw error;
  }
}

function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`ended with code ${code} before it said its address: ${output()}`)));
    if (!child.stdout) return reject(new Error('has no standard output'));
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Muster: (http\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}
