import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { forSpawn } from '../processes/environment.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** One thing to run: a command of the project's packages or a script of its own. */
export interface Step {
  name: string;
  /** Run one after the other; the first that fails ends the step. Each is the arguments to Node. */
  commands: readonly (readonly string[])[];
  env?: Record<string, string>;
}

export interface Outcome {
  ok: boolean;
  seconds: string;
  output: string;
}

/** The file behind a package's command, so that it runs on this Node without a shell. */
export function commandOf(packageName: string, command = packageName): string {
  const require = createRequire(import.meta.url);
  const manifest = path.join(ROOT, 'node_modules', packageName, 'package.json');
  const { bin }: { bin: string | Record<string, string> } = require(manifest);
  const file = typeof bin === 'string' ? bin : bin[command];
  if (!file) throw new Error(`${packageName} has no command ${command}`);
  return path.join(path.dirname(manifest), file);
}

/** `onScreen` shows the output as it comes; otherwise it is kept and handed back. */
export async function runStep(step: Step, onScreen = false): Promise<Outcome> {
  const began = performance.now();
  let output = '';
  let ok = true;
  for (const args of step.commands) {
    const target = onScreen ? 'inherit' : 'pipe';
    const child: ChildProcess = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', target, target],
      env: step.env ? forSpawn(step.env) : process.env,
    });
    const endChild = () => child.kill('SIGTERM');
    process.once('exit', endChild);
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    child.on('error', (error) => {
      output += error.message;
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
    ok = await promise.finally(() => process.off('exit', endChild));
    if (!ok) break;
  }
  return { ok, seconds: ((performance.now() - began) / 1000).toFixed(1), output };
}
