import { existsSync } from 'node:fs';
import { endOnSignal, SIGNALS } from './processes/stop-signals.ts';
import { commandOf, runStep, type Step } from './test-run/steps.ts';
import { vitestStep } from './test-run/vitest-step.ts';

const tsc = [commandOf('typescript', 'tsc'), '--noEmit'];
// Next writes the declarations (routes, style sheets) that the type check reads.
const typegen = [commandOf('next'), 'typegen'];

const steps: Step[] = [
  { name: 'format and lint', commands: [[commandOf('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '.']] },
  { name: 'types', commands: existsSync('app') ? [typegen, tsc] : [tsc] },
  { name: 'dead code', commands: [[commandOf('knip'), '--no-progress']] },
  { name: 'import rules', commands: [['scripts/import-rules.ts']] },
  { name: 'documentation paths', commands: [['scripts/doc-paths.ts']] },
  vitestStep('unit tests', ['unit', 'architecture'], process.env),
];

for (const signal of SIGNALS) process.on(signal, endOnSignal);
const failed: string[] = [];
await Promise.all(
  steps.map(async (step) => {
    const { ok, seconds, output } = await runStep(step);
    if (!ok) failed.push(step.name);
    const shown = ok && step.name !== 'unit tests' ? '' : `${output.trimEnd()}\n`;
    process.stdout.write(`${shown}${step.name}: ${ok ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  }),
);
if (failed.length > 0) {
  process.stdout.write(`verify failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
