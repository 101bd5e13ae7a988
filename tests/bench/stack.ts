import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StackRun } from './stack-run.ts';

const run = promisify(execFile);

/** Links rows as a fleet has them, and changes 1,000 of them again and again; beside it what a Map of texts to rows costs alone. */
export async function benchStack(resources: number): Promise<{ resources: number; stack: StackRun; map: StackRun }> {
  // One after the other: they must not take each other's CPU.
  const stack = await runOf(resources, 'stack');
  return { resources, stack, map: await runOf(resources, 'map') };
}

async function runOf(resources: number, which: 'stack' | 'map'): Promise<StackRun> {
  const file = join(import.meta.dirname, 'stack-run.ts');
  const args = ['--expose-gc', '--max-old-space-size=4096', file, String(resources), which];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout) as StackRun;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const at = (sorted: readonly number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

/** The figures as a text for people. */
export function stackTable({ resources, stack, map }: Awaited<ReturnType<typeof benchStack>>): string {
  const spread = (times: readonly number[]) =>
    `p50 ${ms(at(times, 0.5))} ms, p95 ${ms(at(times, 0.95))} ms, max ${ms(at(times, 1))} ms`;
  return [
    `${resources} resources: linked in ${ms(stack.added + stack.settled)} ms (${ms(stack.added)} of it while rows come in)`,
    `  ${stack.machines} machines of several rows, ${stack.hosted} rows with a host; ${Math.round(stack.held)} MiB held`,
    `  1,000 changed rows: ${spread(stack.changes)}; hosts only: ${spread(stack.hostChanges)}`,
    `a Map of texts to rows over the same: ${ms(map.added)} ms, ${Math.round(map.held)} MiB, nothing linked`,
  ].join('\n');
}
